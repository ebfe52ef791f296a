// SPDX-License-Identifier: Apache-2.0
#include "project_file/expression_reader.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"

namespace project_file {
namespace {

using base::Error;
using base::Kind;

constexpr int deepest = 50;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
/// Names may have letters of any script; bytes of UTF-8 beyond ASCII all count as such.
bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// Words that are good Jinja and that project files may not use.
constexpr std::array<std::string_view, 6> operators = {"if", "and", "or", "not", "is", "in"};

}  // namespace

Expression ExpressionReader::read() {
  auto result = operand(0);
  skip_white_space();
  eats_white_space_ = take("-%>");
  if (!eats_white_space_ && !take("%>")) unexpected();
  return result;
}

Expression ExpressionReader::operand(int depth) {
  if (depth > deepest) unsupported();
  skip_white_space();
  Expression result;
  if (take("(")) {
    result = operand(depth + 1);
    skip_white_space();
    if (!take(")")) unexpected();
  } else if (next() == '"' || next() == '\'') {
    result = text_constant();
  } else if (is_digit(next())) {
    result = number();
  } else if (is_word_character(next())) {
    result = name_or_call(depth);
  } else {
    unexpected();
  }
  refuse_filter();
  return result;
}

Expression ExpressionReader::name_or_call(int depth) {
  Expression result;
  const auto start = position_;
  result.name.emplace_back(word());
  const std::string first = base::to_lower(result.name[0]);
  if (std::ranges::find(operators, first) != operators.end()) {
    position_ = start;
    unexpected();
  }
  if (first == "true" || first == "false" || first == "none") {
    result.name.clear();
    result.constant = {first, false};
    result.constant.text[0] = static_cast<char>(first[0] - 'a' + 'A');
    return result;
  }
  has_names_ = true;
  result.kind = Expression::Kind::name;
  for (skip_white_space(); take("."); skip_white_space()) {
    skip_white_space();
    if (is_digit(next())) unsupported();
    if (!is_word_character(next())) fail_to_parse(whole_, "a name is missing behind a point");
    result.name.emplace_back(word());
  }
  if (take("(")) {
    result.kind = Expression::Kind::call;
    result.arguments = arguments(depth);
    skip_white_space();
    if (next() == '.' || next() == '(') unsupported();
  }
  return result;
}

std::vector<Expression> ExpressionReader::arguments(int depth) {
  std::vector<Expression> result;
  for (skip_white_space(); !take(")"); skip_white_space()) {
    result.push_back(operand(depth + 1));
    skip_white_space();
    if (!take(",") && next() != ')') unexpected();
  }
  return result;
}

Expression ExpressionReader::text_constant() {
  Expression result;
  // As in Python, texts that stand side by side are one.
  for (; next() == '"' || next() == '\''; skip_white_space()) {
    const char quote = whole_[position_++];
    while (next() != quote || position_ >= whole_.size()) {
      if (position_ >= whole_.size()) fail_to_parse(whole_, "a quote is not closed");
      char c = whole_[position_++];
      if (c == '\\') {
        c = next();
        ++position_;
        if (c == 'n') {
          c = '\n';
        } else if (c == 't') {
          c = '\t';
        } else if (c != '\\' && c != '\'' && c != '"') {
          fail_to_parse(whole_, "only \\\\ \\' \\\" \\n and \\t can be escaped");
        }
      }
      result.constant.text += c;
    }
    ++position_;
  }
  return result;
}

Expression ExpressionReader::number() {
  const auto digits = word();
  const bool whole = std::ranges::all_of(digits, is_digit) && (digits.size() == 1 || digits[0] != '0');
  if (!whole || next() == '.') fail_to_parse(whole_, "only whole numbers are known here");
  Expression result;
  result.constant = {std::string{digits}, false};
  return result;
}

void ExpressionReader::refuse_filter() {
  skip_white_space();
  if (!take("|")) return;
  skip_white_space();
  throw Error(
      Kind::config,
      "the filter '" + base::printable(word(), 100) + "' in a template works in the Snowflake CLI only",
      "write out what it would give, or use ctx.env.<name> with --env");
}

void ExpressionReader::skip_white_space() {
  while (std::string_view{" \t\r\n\f\v"}.find(next()) != std::string_view::npos) ++position_;
}

bool ExpressionReader::take(std::string_view token) {
  if (!whole_.substr(std::min(position_, whole_.size())).starts_with(token)) return false;
  position_ += token.size();
  return true;
}

std::string_view ExpressionReader::word() {
  const auto start = position_;
  while (is_word_character(next())) ++position_;
  return whole_.substr(start, position_ - start);
}

void ExpressionReader::unexpected() const {
  if (position_ >= whole_.size()) fail_to_parse(whole_, "unexpected end of template");
  const auto rest = whole_.substr(position_);
  const auto ends = std::ranges::find_if_not(rest, is_word_character);
  const std::string_view ahead{rest.begin(), ends};
  const bool is_operator = ahead.empty()
                               ? std::string_view{"+-*/~=<>[{,"}.find(rest[0]) != std::string_view::npos
                               : std::ranges::find(operators, ahead) != operators.end();
  if (is_operator) unsupported();
  fail_to_parse(whole_,
                "unexpected '" + base::printable(ahead.empty() ? rest.substr(0, 1) : ahead, 100) + "'");
}

void ExpressionReader::unsupported() const {
  throw Error(
      Kind::config, "Unexpected template syntax in " + base::printable(whole_, 500),
      "write <% ctx.env.<name> %>, or a function of the Snowflake CLI: <% fn.concat_ids('a', 'b') %>");
}

void ExpressionReader::fail_to_parse(std::string_view whole, const std::string& why) {
  throw Error(Kind::config,
              "Error parsing template from project definition file. Value: '" + base::printable(whole, 500) +
                  "'. Error: " + why,
              "templates look like <% ctx.env.<name> %>");
}

}  // namespace project_file
