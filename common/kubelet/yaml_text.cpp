// SPDX-License-Identifier: Apache-2.0
#include "kubelet/yaml_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"

namespace kubelet {
namespace {

constexpr std::size_t max_depth = 50;

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_end_of_line(char c) { return c == '\n' || c == '\r'; }

class Reader {
public:
  Reader(std::string_view text, const std::string& name) : text_(text), name_(name) {}

  YamlValue read_document() {
    if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;
    skip_to_content();
    if (starts_document()) {
      at_ += 3;
      skip_to_content();
    }
    if (is_done()) return null_value();
    auto value = read_block(column(), 0);
    skip_to_content();
    if (rest().starts_with("...")) {
      at_ += 3;
      skip_to_content();
    }
    if (!is_done())
      fail(starts_document() ? "there is a second document" : "this is not where a value can be");
    return value;
  }

private:
  [[noreturn]] void fail(const std::string& what) const {
    throw base::Error(base::Kind::config, name_ + ":" + std::to_string(line_at(at_)) + ": " + what,
                      "write it in plain YAML or JSON");
  }

  std::size_t line_at(std::size_t offset) const {
    const auto begin = text_.begin();
    return 1 + static_cast<std::size_t>(std::count(
                   begin, begin + static_cast<std::ptrdiff_t>(std::min(offset, text_.size())), '\n'));
  }
  std::string_view rest() const { return text_.substr(at_); }
  bool is_done() const { return at_ >= text_.size(); }
  char here() const { return is_done() ? '\0' : text_[at_]; }
  char after(std::size_t count) const { return at_ + count < text_.size() ? text_[at_ + count] : '\0'; }

  std::size_t start_of_line() const {
    const auto newline = at_ == 0 ? std::string_view::npos : text_.rfind('\n', at_ - 1);
    return newline == std::string_view::npos ? (text_.starts_with("\xef\xbb\xbf") ? 3 : 0) : newline + 1;
  }
  std::size_t column() const { return at_ - start_of_line(); }
  bool starts_document() const {
    return column() == 0 && rest().starts_with("---") &&
           (after(3) == '\0' || is_blank(after(3)) || is_end_of_line(after(3)));
  }

  YamlValue null_value() const {
    YamlValue value;
    value.begin = value.end = at_;
    value.line = line_at(at_);
    return value;
  }

  /// Blanks and a comment, up to the end of the line.
  void skip_blanks() {
    const std::size_t begin = at_;
    while (is_blank(here())) ++at_;
    if (here() == '#' && (at_ == 0 || at_ != begin || is_end_of_line(text_[at_ - 1])))
      while (!is_done() && here() != '\n') ++at_;
  }
  /// The same over as many lines as it takes. Indentation is made of spaces.
  void skip_to_content() {
    for (;;) {
      skip_blanks();
      if (is_done() || !is_end_of_line(here())) break;
      ++at_;
    }
    if (is_done()) return;
    const auto indentation = text_.substr(start_of_line(), column());
    if (indentation.find_first_not_of(" \t") == std::string_view::npos &&
        indentation.find('\t') != std::string_view::npos && depth_of_flow_ == 0)
      fail("a tab is used for indentation");
  }
  bool is_at_end_of_line() {
    skip_blanks();
    return is_done() || is_end_of_line(here());
  }
  void require_end_of_line() {
    if (!is_at_end_of_line()) fail("there is something behind the value");
  }

  bool is_dash() const {
    return here() == '-' && (after(1) == '\0' || is_blank(after(1)) || is_end_of_line(after(1)));
  }

  /// A value that begins here, `indentation` columns from the left, and ends before the first line that is
  /// further to the left.
  YamlValue read_block(std::size_t indentation, std::size_t depth) {
    if (depth > max_depth) fail("too many levels");
    if (is_dash()) return read_block_sequence(indentation, depth);
    if (is_key()) return read_block_mapping(indentation, depth);
    auto value = read_inline(depth);
    require_end_of_line();
    return value;
  }

  YamlValue read_block_sequence(std::size_t indentation, std::size_t depth) {
    YamlValue sequence;
    sequence.kind = YamlValue::Kind::sequence;
    sequence.begin = at_;
    sequence.column = indentation;
    sequence.line = line_at(at_);
    while (!is_done() && is_dash() && column() == indentation) {
      ++at_;
      const std::size_t dash_end = at_;
      if (is_at_end_of_line()) {
        skip_to_content();
        if (is_done() || column() <= indentation) {
          auto empty = null_value();
          empty.begin = empty.end = dash_end;
          sequence.items.push_back(std::move(empty));
          sequence.end = dash_end;
          continue;
        }
      }
      sequence.items.push_back(read_block(column(), depth + 1));
      sequence.end = sequence.items.back().end;
      skip_to_content();
    }
    if (!is_done() && column() > indentation) fail("the indentation does not fit");
    return sequence;
  }

  YamlValue read_block_mapping(std::size_t indentation, std::size_t depth) {
    YamlValue mapping;
    mapping.kind = YamlValue::Kind::mapping;
    mapping.begin = at_;
    mapping.line = line_at(at_);
    while (!is_done() && column() == indentation && !is_dash() && !starts_document() &&
           !rest().starts_with("...")) {
      const std::size_t line = line_at(at_);
      std::string key = read_key();
      if (mapping.find(key) != nullptr) fail("the key " + base::printable(key, 50) + " is there twice");
      auto value = read_value_of_key(indentation, depth);
      mapping.end = std::max(at_of_last_, value.end);
      mapping.members.push_back({std::move(key), line, std::move(value)});
      skip_to_content();
    }
    if (!is_done() && column() > indentation) fail("the indentation does not fit");
    return mapping;
  }

  YamlValue read_value_of_key(std::size_t indentation, std::size_t depth) {
    at_of_last_ = at_;
    if (!is_at_end_of_line()) {
      if (here() == '|' || here() == '>') return read_block_scalar(indentation);
      auto value = read_inline(depth);
      require_end_of_line();
      return value;
    }
    auto empty = null_value();
    empty.begin = empty.end = at_of_last_;
    skip_to_content();
    if (is_done()) return empty;
    const bool is_deeper = column() > indentation;
    if (!is_deeper && !(column() == indentation && is_dash())) return empty;
    return read_block(column(), depth + 1);
  }

  /// Lines that are indented further than the key. They are text of somebody else, taken as it is.
  YamlValue read_block_scalar(std::size_t indentation) {
    YamlValue value;
    value.kind = YamlValue::Kind::scalar;
    value.is_quoted = true;
    value.begin = at_;
    value.line = line_at(at_);
    while (!is_done() && here() != '\n') ++at_;
    value.end = at_;
    while (!is_done()) {
      const std::size_t begin = at_ + 1;
      std::size_t end = text_.find('\n', begin);
      if (end == std::string_view::npos) end = text_.size();
      const auto line = text_.substr(std::min(begin, text_.size()), end - std::min(begin, end));
      const auto first = line.find_first_not_of(" \r");
      if (first != std::string_view::npos && first <= indentation) break;
      if (first != std::string_view::npos) {
        value.text += std::string{line.substr(first)} + '\n';
        value.end = end;
      }
      at_ = end;
    }
    return value;
  }

  /// A key of a block mapping begins here: a scalar with a colon behind it, on this line.
  bool is_key() {
    if (here() == '?' && is_blank(after(1))) fail("complex keys are not supported");
    const std::size_t begin = at_;
    bool result = false;
    if (here() == '"' || here() == '\'') {
      read_quoted();
      skip_spaces();
      result = is_colon();
    } else if (here() != '{' && here() != '[') {
      while (!is_done() && !is_end_of_line(here()) && !is_colon() &&
             !(here() == '#' && at_ > begin && is_blank(text_[at_ - 1])))
        ++at_;
      result = is_colon();
    }
    at_ = begin;
    return result;
  }
  bool is_colon() const {
    return here() == ':' && (after(1) == '\0' || is_blank(after(1)) || is_end_of_line(after(1)));
  }
  void skip_spaces() {
    while (is_blank(here())) ++at_;
  }

  std::string read_key() {
    if (!is_key()) fail("a key with a colon is expected");
    refuse_features();
    std::string key;
    if (here() == '"' || here() == '\'') {
      key = read_quoted();
      skip_spaces();
    } else {
      const std::size_t begin = at_;
      while (!is_colon()) ++at_;
      key = base::trim(text_.substr(begin, at_ - begin));
    }
    ++at_;
    return key;
  }

  void refuse_features() const {
    constexpr std::string_view features = "&*!%@`";
    if (features.find(here()) != std::string_view::npos && !is_done())
      fail(
          "anchors, aliases, tags and directives are not supported; a pattern with '*' in front needs "
          "quotes");
  }

  /// A value that does not need lines of its own.
  YamlValue read_inline(std::size_t depth) {
    if (depth > max_depth) fail("too many levels");
    refuse_features();
    if (here() == '{' || here() == '[') return read_flow(depth);
    YamlValue value;
    value.kind = YamlValue::Kind::scalar;
    value.begin = at_;
    value.line = line_at(at_);
    if (here() == '"' || here() == '\'') {
      value.text = read_quoted();
      value.is_quoted = true;
    } else {
      value.text = read_plain();
      if (value.text.empty()) fail("a value is expected");
      if (value.text == "~" || value.text == "null" || value.text == "Null" || value.text == "NULL")
        value.kind = YamlValue::Kind::null;
    }
    value.end = at_;
    return value;
  }

  std::string read_plain() {
    const std::size_t begin = at_;
    std::size_t end = at_;
    constexpr std::string_view flow_ends = ",[]{}";
    while (!is_done() && !is_end_of_line(here())) {
      if (here() == '#' && at_ > begin && is_blank(text_[at_ - 1])) break;
      if (is_colon()) break;
      if (depth_of_flow_ > 0 && (flow_ends.find(here()) != std::string_view::npos || here() == ':')) {
        const bool ends = here() != ':' || flow_ends.find(after(1)) != std::string_view::npos;
        if (ends) break;
      }
      if (!is_blank(here())) end = at_ + 1;
      ++at_;
    }
    at_ = end;
    return std::string{text_.substr(begin, end - begin)};
  }

  std::string read_quoted() {
    const char quote = here();
    std::string result;
    for (++at_;; ++at_) {
      if (is_done() || is_end_of_line(here())) fail("a quote is not closed on its line");
      if (here() == quote && quote == '\'' && after(1) == quote) {
        result += quote;
        ++at_;
      } else if (here() == quote) {
        break;
      } else if (here() == '\\' && quote == '"') {
        ++at_;
        read_escape(result);
      } else {
        result += here();
      }
    }
    ++at_;
    return result;
  }

  void read_escape(std::string& result) {
    constexpr std::array<std::pair<char, char>, 8> simple = {{{'"', '"'},
                                                              {'\\', '\\'},
                                                              {'/', '/'},
                                                              {'n', '\n'},
                                                              {'t', '\t'},
                                                              {'r', '\r'},
                                                              {'b', '\b'},
                                                              {'f', '\f'}}};
    const auto found = std::ranges::find(simple, here(), &std::pair<char, char>::first);
    if (found != simple.end()) {
      result += found->second;
      return;
    }
    constexpr std::string_view digits = "0123456789abcdef";
    unsigned code = 0;
    if (here() != 'u') fail("an escape in a quoted text is not supported");
    for (int count = 0; count < 4; ++count) {
      ++at_;
      const auto digit = digits.find(base::to_lower(std::string{here()}));
      if (is_done() || digit == std::string_view::npos) fail("an escape in a quoted text is not complete");
      code = code * 16 + static_cast<unsigned>(digit);
    }
    if (code >= 0xd800 && code < 0xe000) fail("an escape in a quoted text is not supported");
    if (code < 0x80) {
      result += static_cast<char>(code);
    } else if (code < 0x800) {
      result += static_cast<char>(0xc0U | (code >> 6U));
      result += static_cast<char>(0x80U | (code & 0x3fU));
    } else {
      result += static_cast<char>(0xe0U | (code >> 12U));
      result += static_cast<char>(0x80U | ((code >> 6U) & 0x3fU));
      result += static_cast<char>(0x80U | (code & 0x3fU));
    }
  }

  YamlValue read_flow(std::size_t depth) {
    YamlValue value;
    const bool is_mapping = here() == '{';
    const char close = is_mapping ? '}' : ']';
    value.kind = is_mapping ? YamlValue::Kind::mapping : YamlValue::Kind::sequence;
    value.is_flow = true;
    value.begin = at_;
    value.line = line_at(at_);
    ++at_;
    ++depth_of_flow_;
    for (skip_to_content(); here() != close; skip_to_content()) {
      if (is_done()) fail(std::string{"a "} + close + " is missing");
      if (is_mapping) {
        value.members.push_back(read_flow_member(value, depth));
      } else {
        value.items.push_back(read_inline(depth + 1));
      }
      skip_to_content();
      if (here() == ',') {
        ++at_;
      } else if (here() != close) {
        fail(std::string{"a comma or "} + close + " is expected");
      }
    }
    --depth_of_flow_;
    ++at_;
    value.end = at_;
    return value;
  }

  YamlMember read_flow_member(const YamlValue& mapping, std::size_t depth) {
    refuse_features();
    const std::size_t line = line_at(at_);
    const bool is_quoted = here() == '"' || here() == '\'';
    std::string key = is_quoted ? read_quoted() : read_plain();
    if (key.empty()) fail("a key is expected");
    if (mapping.find(key) != nullptr) fail("the key " + base::printable(key, 50) + " is there twice");
    skip_to_content();
    if (here() != ':') fail("a colon is expected behind the key " + base::printable(key, 50));
    ++at_;
    skip_to_content();
    if (here() == ',' || here() == '}') return {std::move(key), line, null_value()};
    return {std::move(key), line, read_inline(depth + 1)};
  }

  std::string_view text_;
  const std::string& name_;
  std::size_t at_ = 0;
  std::size_t at_of_last_ = 0;
  int depth_of_flow_ = 0;
};

/// Numbers as YAML 1.1 and Go's readers of it see them, generously: text that looks like one needs quotes.
bool looks_like_number(std::string_view text) {
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) text.remove_prefix(1);
  if (text.empty() || !((text.front() >= '0' && text.front() <= '9') || text.front() == '.')) return false;
  return text.find_first_not_of("0123456789.eE+-_xXoabcdefABCDEF") == std::string_view::npos;
}

}  // namespace

const YamlValue* YamlValue::find(std::string_view key) const {
  const auto found = std::ranges::find(members, key, &YamlMember::key);
  return found == members.end() ? nullptr : &found->value;
}

bool YamlValue::is_boolean() const {
  return is_scalar() && !is_quoted &&
         (base::equals_ignoring_case(text, "true") || base::equals_ignoring_case(text, "false"));
}

bool YamlValue::is_text() const {
  return is_scalar() && (is_quoted || (!is_boolean() && !looks_like_number(text)));
}

YamlValue parse_yaml(std::string_view text, const std::string& name) {
  return Reader{text, name}.read_document();
}

}  // namespace kubelet
