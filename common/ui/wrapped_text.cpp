// SPDX-License-Identifier: Apache-2.0
#include "ui/wrapped_text.hpp"

#include <sys/ioctl.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.hpp"

namespace ui {
namespace {

/// A narrower terminal breaks lines better than words could.
constexpr std::size_t min_width = 20;

std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// The words of a command; one with spaces in quotes is one word.
std::vector<std::string> words_of_command(std::string_view command) {
  std::vector<std::string> words(1);
  char quote = '\0';
  for (const char c : command) {
    if (c == ' ' && quote == '\0') {
      if (!words.back().empty()) words.emplace_back();
      continue;
    }
    if (c == quote) {
      quote = '\0';
    } else if (quote == '\0' && (c == '"' || c == '\'')) {
      quote = c;
    }
    words.back() += c;
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

bool begins_command(const std::vector<std::string>& words, std::size_t index) {
  constexpr std::array programs = {std::string_view{"sudo"}, std::string_view{"export"},
                                   std::string_view{"chmod"}, std::string_view{"kubectl"},
                                   std::string_view{"journalctl"}};
  std::string_view word = words[index];
  while (!word.empty() && (word.front() == '(' || word.front() == '\'')) word.remove_prefix(1);
  if (word == "docker") return index + 1 < words.size() && words[index + 1] == "snowflake";
  return std::ranges::find(programs, word) != programs.end();
}

bool ends_command(std::string_view word) {
  return std::string_view{",;:.)"}.find(word.back()) != std::string_view::npos;
}

/// What a line must not be broken in, if that can be avoided.
struct Unit {
  std::string text;
  bool is_command = false;
};

std::vector<Unit> units_of(std::string_view line) {
  std::vector<Unit> units;
  const auto words = base::split(line, ' ');
  for (std::size_t index = 0; index < words.size(); ++index) {
    Unit unit{words[index], begins_command(words, index)};
    while (unit.is_command && !ends_command(words[index]) && index + 1 < words.size())
      unit.text += ' ' + words[++index];
    units.push_back(std::move(unit));
  }
  return units;
}

std::string wrapped_line(const std::string& line, std::size_t width) {
  const bool is_laid_out =
      line.starts_with(' ') || line.find("  ") != std::string::npos ||
      std::ranges::any_of(line, [](char c) { return c == '\t' || c == '\r' || c == '\x1b'; });
  if (is_laid_out || characters_in(line) <= width) return line;
  std::string text;
  std::size_t used = 0;
  // A question ends with a space.
  const auto end = line.find_last_not_of(' ') + 1;
  for (const auto& [unit, is_command] : units_of(std::string_view{line}.substr(0, end))) {
    const auto length = characters_in(unit);
    if (used > 0) {
      const bool fits = used + 1 + length <= width;
      text += fits ? ' ' : '\n';
      used = fits ? used + 1 : 0;
    }
    const bool is_broken = is_command && length > width;
    text += is_broken ? wrapped_command(unit, width) : unit;
    used = is_broken ? characters_in(std::string_view{text}.substr(text.rfind('\n') + 1)) : used + length;
  }
  return text + line.substr(end);
}

}  // namespace

std::size_t width_of_terminal(int descriptor) {
  winsize size{};
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

std::string wrapped(std::string_view text, std::size_t width) {
  if (width < min_width) return std::string{text};
  std::vector<std::string> lines;
  for (const auto& line : base::split(text, '\n')) lines.push_back(wrapped_line(line, width));
  return base::join(lines, "\n");
}

std::string wrapped_command(std::string_view command, std::size_t width) {
  constexpr std::string_view continued = " \\";
  constexpr std::string_view indentation = "    ";
  if (characters_in(command) <= width) return std::string{command};
  std::string text;
  std::size_t used = 0;
  for (const auto& word : words_of_command(command)) {
    const auto length = characters_in(word);
    if (used > 0 && used + 1 + length + continued.size() > width) {
      text.append(continued).append("\n").append(indentation);
      used = indentation.size();
    } else if (used > 0) {
      text += ' ';
      ++used;
    }
    text += word;
    used += length;
  }
  return text;
}

}  // namespace ui
