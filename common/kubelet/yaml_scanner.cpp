// SPDX-License-Identifier: Apache-2.0
#include "kubelet/yaml_scanner.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace kubelet {

YamlScanner::YamlScanner(std::string_view text, const std::string& name) : text_(text), name_(name) {
  if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;
}

void YamlScanner::fail(const std::string& what) const {
  throw base::Error(base::Kind::config, name_ + ":" + std::to_string(line_at(at_)) + ": " + what,
                    "write it in plain YAML or JSON");
}

std::size_t YamlScanner::line_at(std::size_t offset) const {
  const auto begin = text_.begin();
  return 1 + static_cast<std::size_t>(std::count(
                 begin, begin + static_cast<std::ptrdiff_t>(std::min(offset, text_.size())), '\n'));
}

std::size_t YamlScanner::start_of_line() const {
  const auto newline = at_ == 0 ? std::string_view::npos : text_.rfind('\n', at_ - 1);
  return newline == std::string_view::npos ? (text_.starts_with("\xef\xbb\xbf") ? 3 : 0) : newline + 1;
}

void YamlScanner::skip_blanks() {
  const std::size_t begin = at_;
  while (is_blank(here())) ++at_;
  if (here() == '#' && (at_ == 0 || at_ != begin || is_end_of_line(text_[at_ - 1])))
    while (!is_done() && here() != '\n') ++at_;
}

void YamlScanner::skip_to_content() {
  for (;;) {
    skip_blanks();
    if (is_done() || !is_end_of_line(here())) break;
    ++at_;
  }
  if (is_done()) return;
  const auto indentation = text_.substr(start_of_line(), column());
  if (indentation.find_first_not_of(" \t") == std::string_view::npos &&
      indentation.find('\t') != std::string_view::npos && flow_depth_ == 0)
    fail("a tab is used for indentation");
}

bool YamlScanner::is_at_end_of_line() {
  skip_blanks();
  return is_done() || is_end_of_line(here());
}

void YamlScanner::require_end_of_line() {
  if (!is_at_end_of_line()) fail("there is unexpected text after the value");
}

bool YamlScanner::is_key() {
  if (here() == '?' && is_blank(after(1))) fail("complex keys are not supported");
  const std::size_t begin = at_;
  bool result = false;
  if (is_quote()) {
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

void YamlScanner::skip_spaces() {
  while (is_blank(here())) ++at_;
}

std::string YamlScanner::read_key() {
  if (!is_key()) fail("expected a key and a colon");
  refuse_features();
  std::string key;
  if (is_quote()) {
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

void YamlScanner::refuse_features() const {
  constexpr std::string_view features = "&*!%@`";
  if (features.find(here()) != std::string_view::npos && !is_done())
    fail(
        "anchors, aliases, tags and directives are not supported; a pattern that begins with '*' needs "
        "quotes");
}

std::string YamlScanner::read_plain() {
  const std::size_t begin = at_;
  std::size_t end = at_;
  constexpr std::string_view flow_ends = ",[]{}";
  while (!is_done() && !is_end_of_line(here())) {
    if (here() == '#' && at_ > begin && is_blank(text_[at_ - 1])) break;
    if (is_colon()) break;
    if (flow_depth_ > 0 && (flow_ends.find(here()) != std::string_view::npos || here() == ':')) {
      const bool ends = here() != ':' || flow_ends.find(after(1)) != std::string_view::npos;
      if (ends) break;
    }
    if (!is_blank(here())) end = at_ + 1;
    ++at_;
  }
  at_ = end;
  return std::string{text_.substr(begin, end - begin)};
}

std::string YamlScanner::read_quoted() {
  const char quote = here();
  std::string result;
  for (++at_;; ++at_) {
    if (is_done() || is_end_of_line(here())) fail("a quoted string does not end on its line");
    if (here() == quote && quote == '\'' && after(1) == quote) {
      result += quote;
      ++at_;
    } else if (here() == quote) {
      break;
    } else if (here() == '\\' && quote == '"') {
      result += read_escape();
    } else {
      result += here();
    }
  }
  ++at_;
  return result;
}

std::string YamlScanner::read_escape() {
  // The escapes of JSON, except for surrogate pairs.
  const std::size_t size = after(1) == 'u' ? 6 : 2;
  const auto escape = base::parse_json('"' + std::string{text_.substr(at_, size)} + '"');
  if (!escape) fail("an escape in a quoted string is not supported");
  at_ += size - 1;
  return escape->get<std::string>();
}

std::size_t YamlScanner::read_block_scalar(std::size_t indentation, std::string& result) {
  while (!is_done() && here() != '\n') ++at_;
  std::size_t result_end = at_;
  while (!is_done()) {
    const std::size_t begin = at_ + 1;
    std::size_t end = text_.find('\n', begin);
    if (end == std::string_view::npos) end = text_.size();
    const auto line = text_.substr(std::min(begin, text_.size()), end - std::min(begin, end));
    const auto first = line.find_first_not_of(" \r");
    if (first != std::string_view::npos && first <= indentation) break;
    if (first != std::string_view::npos) {
      result += std::string{line.substr(first)} + '\n';
      result_end = end;
    }
    at_ = end;
  }
  return result_end;
}

}  // namespace kubelet
