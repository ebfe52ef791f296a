// SPDX-License-Identifier: Apache-2.0
#include "doctor/text_report.hpp"

#include <algorithm>
#include <ostream>

#include "base/text.hpp"
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
  const char* colour;
};

Mark mark_of(State state) {
  switch (state) {
    case State::good:
      return {"✓", "+", green};
    case State::odd:
      return {"!", "!", yellow};
    case State::broken:
      return {"✗", "x", red};
    case State::skipped:
      break;
  }
  return {"-", "-", dim};
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
    coloured(style_.unicode ? mark.unicode : mark.ascii, mark.colour);
    out_ << ' ';
  }
  void coloured(const std::string& text, const char* colour) {
    out_ << (style_.colour ? colour : "") << text << (style_.colour ? "\033[0m" : "");
  }
  /// Text that begins `first` cells from the left, and goes on `rest` cells from it.
  void paragraph(const std::string& text, std::size_t first, std::size_t rest) {
    const std::string shown = style_.unicode ? output::clean(text) : ascii(output::clean(text));
    if (!style_.folded) {
      out_ << base::printable(shown, shown.size()) << '\n';
      return;
    }
    const std::size_t room = style_.width > rest + 10 ? style_.width - rest : 10;
    if (first >= rest + room) {
      // No room is left behind what stands there.
      out_ << '\n' << std::string(rest, ' ');
      first = rest;
    }
    // As if the first line began where the others do: it is cut where there is less room for it.
    const auto lines = output::fold(std::string(first > rest ? first - rest : 0, 'x') + shown, room);
    for (std::size_t index = 0; index < lines.size(); ++index) {
      if (index > 0) out_ << std::string(rest, ' ');
      out_ << lines[index].substr(index == 0 && first > rest ? first - rest : 0) << '\n';
    }
  }

private:
  std::ostream& out_;
  const Style& style_;
};

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
  return {terminal.width, terminal.is_terminal, terminal.colour, is_utf8(environment)};
}

void print_result(std::ostream& out, const Result& result, const Style& style) {
  Writer writer{out, style};
  const auto& [id, title, finding] = result;
  // Below the title, where a narrow terminal leaves no room beside it.
  const bool beside = !style.folded || style.width >= 60;
  writer.mark(finding.state);
  out << title << std::string(beside && title.size() < title_width ? title_width - title.size() : 1, ' ');
  const std::size_t used = 2 + std::max(beside ? title_width : title.size() + 1, title.size() + 1);
  writer.paragraph(finding.sentence, used, beside ? 2 + title_width : 4);
  if (finding.next.empty()) return;
  out << "    next: ";
  writer.paragraph(finding.next, 10, 10);
}

void print_verdict(std::ostream& out, const Report& report, const Style& style) {
  Writer writer{out, style};
  out << '\n';
  writer.mark(report.state());
  writer.paragraph("verdict: " + verdict(report), 2, 2);
  const auto* cause = report.first_cause();
  if (cause == nullptr || cause->finding.next.empty()) return;
  out << "  next: ";
  writer.paragraph(cause->finding.next, 8, 8);
}

}  // namespace plugin::doctor
