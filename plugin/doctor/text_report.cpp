// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <ostream>

#include "base/text.hpp"
#include "doctor/report.hpp"
#include "output/terminal_text.hpp"

namespace plugin::doctor {
namespace {

constexpr std::size_t title_width = 19;
constexpr const char* red = "\033[31m";
constexpr const char* yellow = "\033[33m";
constexpr const char* green = "\033[32m";
constexpr const char* dim = "\033[2m";

struct Mark {
  const char* unicode;
  const char* ascii;
  const char* color;
};

const Mark& mark_of(State state) {
  static constexpr std::array<Mark, 4> marks = {
      {{"✓", "+", green}, {"!", "!", yellow}, {"✗", "x", red}, {"-", "-", dim}}};
  return marks.at(static_cast<std::size_t>(state));
}

/// What the locale cannot show becomes a question mark.
std::string ascii(const std::string& text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (text.compare(at, 3, "…") == 0) {
      result += "...";
      at += 2;
    } else if (byte < 0x80) {
      result += text[at];
    } else if (byte >= 0xC0) {
      result += '?';
    }
  }
  return result;
}

class Writer {
public:
  Writer(std::ostream& out, const Style& style) : out_(out), style_(style) {}

  void mark(State state) {
    const auto mark = mark_of(state);
    colored(style_.unicode ? mark.unicode : mark.ascii, mark.color);
    out_ << ' ';
  }
  void colored(const std::string& text, const char* color) {
    out_ << (style_.color ? color : "") << text << (style_.color ? "\033[0m" : "");
  }
  /// Text that begins `first` cells from the left and continues `rest` cells from the left.
  void paragraph(const std::string& text, std::size_t first, std::size_t rest) {
    const std::string shown = style_.unicode ? output::clean(text) : ascii(output::clean(text));
    if (!style_.folded) {
      out_ << base::printable(shown, shown.size()) << '\n';
      return;
    }
    std::size_t at = first;
    const auto lines = base::split(shown, '\n');
    for (const auto& line : lines) {
      if (&line != lines.data()) at = new_line(rest);
      bool is_begun = false;
      for (const auto& word : base::split(line, ' ')) {
        const auto size = output::width_of(word);
        if (at + (is_begun ? 1 : 0) + size > style_.width) {
          // A path or host that is split cannot be copied: rather, its line is indented less.
          at = new_line(std::min(rest, style_.width > size ? style_.width - size : 0));
        } else if (is_begun) {
          out_ << ' ';
          ++at;
        }
        out_ << word;
        at += size;
        is_begun = true;
      }
    }
    out_ << '\n';
  }

private:
  /// Begins a line with `indent` spaces. Returns `indent`.
  std::size_t new_line(std::size_t indent) {
    out_ << '\n' << std::string(indent, ' ');
    return indent;
  }

  std::ostream& out_;
  const Style& style_;
};

/// The check whose sentence represents a group in which everything works.
std::string_view headline_check(Group group) {
  constexpr std::array<std::string_view, 9> ids = {
      "docker", "connection", "cred-helpers", "stored", "tls", "session", "token", "push", "provider-token"};
  return ids.at(static_cast<std::size_t>(group));
}

using Results = std::vector<const Result*>;

const Result* first_with(const Results& results, State state) {
  const auto found =
      std::ranges::find_if(results, [state](const Result* result) { return result->finding.state == state; });
  return found == results.end() ? nullptr : *found;
}

State state_of(const Results& results) {
  for (const auto state : {State::failed, State::warning, State::ok}) {
    if (first_with(results, state) != nullptr) return state;
  }
  return State::skipped;
}

std::string headline(Group group, const Results& results) {
  for (const auto* result : results) {
    if (result->id == headline_check(group) && result->finding.state == State::ok)
      return result->finding.sentence;
  }
  const auto* first = first_with(results, State::ok);
  return first == nullptr ? results.front()->finding.sentence : first->title + ": " + first->finding.sentence;
}

void print_title(std::ostream& out, std::string_view title, const std::string& sentence, State state,
                 const Style& style, std::size_t indent) {
  Writer writer{out, style};
  out << std::string(indent, ' ');
  writer.mark(state);
  // Below the title, where a narrow terminal leaves no room beside it.
  const bool beside = !style.folded || style.width >= 60;
  const std::size_t title_room = std::max(beside ? title_width : 0, title.size() + 1);
  out << title << std::string(title_room - title.size(), ' ');
  writer.paragraph(sentence, indent + 2 + title_room, indent + (beside ? 2 + title_width : 4));
}

void print_next(std::ostream& out, const std::string& next, const Style& style, std::size_t indent) {
  if (next.empty()) return;
  out << std::string(indent, ' ') << "next: ";
  Writer{out, style}.paragraph(next, indent + 6, indent + 6);
}

void print_verdict(std::ostream& out, const Report& report, const Style& style) {
  Writer writer{out, style};
  auto sentence = verdict(report);
  sentence[0] = base::to_upper(sentence.substr(0, 1))[0];
  writer.mark(report.state());
  writer.paragraph(sentence, 2, 2);
  if (const auto* cause = report.first_cause(); cause != nullptr)
    print_next(out, cause->finding.next, style, 2);
  out << '\n';
}

void print_group(std::ostream& out, Group group, const Results& results, const Result* told,
                 const Style& style) {
  const auto state = state_of(results);
  if (state == State::ok || state == State::skipped) {
    print_title(out, title_of(group), headline(group, results), state, style, 0);
    return;
  }
  Writer{out, style}.mark(state);
  out << title_of(group) << '\n';
  for (const auto* result : results) {
    if (result->finding.state == State::ok || result->finding.state == State::skipped) continue;
    if (result == told) {
      print_title(out, result->title, "see above", result->finding.state, style, 2);
    } else {
      print_result(out, *result, style, 2);
    }
  }
}

bool is_utf8(const base::Environment& environment) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (const auto value = environment.non_empty(name)) {
      const auto upper = base::to_upper(*value);
      return upper.find("UTF-8") != std::string::npos || upper.find("UTF8") != std::string::npos;
    }
  }
  return false;
}

}  // namespace

Style Style::of(const output::Terminal& terminal, const base::Environment& environment) {
  return {terminal.width, terminal.is_terminal, terminal.color, is_utf8(environment)};
}

void print_result(std::ostream& out, const Result& result, const Style& style, std::size_t indent) {
  print_title(out, result.title, result.finding.sentence, result.finding.state, style, indent);
  print_next(out, result.finding.next, style, indent + 4);
}

void print_report(std::ostream& out, const Report& report, const Style& style, bool verbose) {
  print_verdict(out, report, style);
  std::map<Group, Results> groups;
  for (const auto& result : report.results) groups[result.group].push_back(&result);
  for (const auto& [group, results] : groups) {
    if (verbose) {
      Writer{out, style}.mark(state_of(results));
      out << title_of(group) << '\n';
      for (const auto* result : results) print_result(out, *result, style, 2);
    } else if (state_of(results) != State::skipped || !report.repository.empty() ||
               group != Group::repository) {
      print_group(out, group, results, report.first_cause(), style);
    }
  }
}

}  // namespace plugin::doctor
