// SPDX-License-Identifier: Apache-2.0
#include "project_file/templates.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <vector>

#include "base/text.hpp"
#include "project_file/template_functions.hpp"

namespace plugin::project_file {
namespace {

constexpr std::string_view white_space = " \t\r\n\f\v";
/// Templates can multiply each other; all of them together may make so many bytes.
constexpr std::size_t max_bytes = 4U << 20;
constexpr const char* too_large = "templates fill in more than a project can need";
/// How deep templates may refer to each other, and expressions may be nested.
constexpr std::size_t max_template_depth = 100;
/// Operators of Jinja that are words.
constexpr std::array<std::string_view, 6> operators = {"if", "and", "or", "not", "is", "in"};

using Name = std::vector<std::string>;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Names may have letters of any script: each byte of UTF-8 beyond ASCII counts as one.
bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// The values of names, for all templates of one file.
class Names {
public:
  Names(const Node& root, const Overrides& overrides, const base::Environment& environment)
      : environment(environment), root_(root), overrides_(overrides) {}

  /// The scalar with its templates filled in.
  std::string filled_in(const Node& scalar);
  /// The value of a name that `at` uses.
  std::string value_of(const Name& parts, const Node& at);

  const base::Environment& environment;

private:
  const Node& root_;
  const Overrides& overrides_;
  std::set<std::string> in_progress_;
  std::map<std::string, std::string> known_;
  std::size_t bytes_ = 0;
};

/// Reads one scalar from its beginning to its end, and evaluates what it reads.
class Template {
public:
  Template(const Node& scalar, Names& names) : scalar_(scalar), text_(scalar.text), names_(names) {}

  std::string fill_in() {
    while (position_ < text_.size()) {
      const auto start = std::min(text_.find("<%", position_), text_.find("{#", position_));
      result_ += text_.substr(position_, start - position_);
      if (start == std::string_view::npos) break;
      position_ = start + 2;
      if (next() == '-') result_.erase(result_.find_last_not_of(white_space) + 1);
      text_[start] == '{' ? skip_comment() : print_expression();
    }
    // The Snowflake CLI leaves a scalar alone that has no names, even if it has comments and constants.
    return has_names_ ? result_ : std::string{text_};
  }

private:
  void skip_comment() {
    const auto end = text_.find("#}", position_);
    if (end == std::string_view::npos) fail_to_parse("the comment has no end");
    const bool eats = end > position_ && text_[end - 1] == '-';
    position_ = end + 2;
    if (eats) skip_white_space();
  }

  void print_expression() {
    if (next() == '-' || next() == '+') ++position_;
    result_ += operand(0).text;
    if (result_.size() > max_bytes) fail(scalar_, too_large, "shorten them");
    skip_white_space();
    const bool eats = take("-%>");
    if (!eats && !take("%>")) unexpected();
    if (eats) skip_white_space();
  }

  Value operand(std::size_t depth) {
    if (depth > max_template_depth) unsupported();
    skip_white_space();
    Value value;
    if (take("(")) {
      value = operand(depth + 1);
      skip_white_space();
      if (!take(")")) unexpected();
    } else if (next() == '"' || next() == '\'') {
      value = constant_text();
    } else if (is_digit(next())) {
      value = number();
    } else if (is_word_character(next())) {
      value = name_or_call(depth);
    } else {
      unexpected();
    }
    refuse_filter();
    return value;
  }

  Value name_or_call(std::size_t depth) {
    const auto start = position_;
    Name name = {std::string{word()}};
    const std::string first = base::to_lower(name[0]);
    if (std::ranges::find(operators, first) != operators.end()) {
      position_ = start;
      unexpected();
    }
    if (first == "true") return {"True", false};
    if (first == "false") return {"False", false};
    if (first == "none") return {"None", false};
    has_names_ = true;
    for (skip_white_space(); take("."); skip_white_space()) {
      skip_white_space();
      if (is_digit(next())) unsupported();
      if (!is_word_character(next())) fail_to_parse("a name is missing after a dot");
      name.emplace_back(word());
    }
    if (take("(")) return call(name, depth);
    // Whatever follows would change what the name means, so it is refused before the name is looked up.
    refuse_filter();
    if (!is_at_end_of_operand()) unexpected();
    // A function that is not called is not text; what uses it says so.
    if (depth > 0 && function_of(name) != nullptr) return {"", false};
    return {names_.value_of(name, scalar_)};
  }

  Value call(const Name& name, std::size_t depth) {
    Arguments arguments;
    for (skip_white_space(); !take(")"); skip_white_space()) {
      arguments.push_back(operand(depth + 1));
      skip_white_space();
      if (!take(",") && next() != ')') unexpected();
    }
    skip_white_space();
    if (next() == '.' || next() == '(') unsupported();
    const auto* function = function_of(name);
    const std::string shown = base::printable(base::join(name, "."), 200);
    const auto refuse = [&](const std::string& why) {
      fail(scalar_, shown + why, "check the arguments of the function");
    };
    if (function == nullptr) {
      names_.value_of(name, scalar_);
      refuse(" is not a function");
    }
    if (arguments.size() < function->min_arguments)
      refuse(" needs at least " + std::to_string(function->min_arguments) + " argument(s)");
    if (arguments.size() > function->max_arguments)
      refuse(" takes at most " + std::to_string(function->max_arguments) + " argument(s)");
    if (!std::ranges::all_of(arguments, &Value::is_text)) refuse(" takes only text");
    return {function->call(arguments, names_.environment)};
  }

  Value constant_text() {
    Value value;
    // As in Python, texts side by side are one.
    for (; next() == '"' || next() == '\''; skip_white_space()) {
      const char quote = text_[position_++];
      while (position_ < text_.size() && next() != quote) value.text += escaped_character();
      if (position_ >= text_.size()) fail_to_parse("a quote is not closed");
      ++position_;
    }
    return value;
  }

  char escaped_character() {
    const char c = text_[position_++];
    if (c != '\\') return c;
    const char escaped = next();
    ++position_;
    if (escaped == 'n') return '\n';
    if (escaped == 't') return '\t';
    if (escaped != '\\' && escaped != '\'' && escaped != '"')
      fail_to_parse("only \\\\ \\' \\\" \\n and \\t can be escaped");
    return escaped;
  }

  Value number() {
    const auto digits = word();
    const bool whole = std::ranges::all_of(digits, is_digit) && (digits.size() == 1 || digits[0] != '0');
    if (!whole || next() == '.') fail_to_parse("only whole numbers are supported here");
    return {std::string{digits}, false};
  }

  void refuse_filter() {
    skip_white_space();
    if (!take("|")) return;
    skip_white_space();
    fail(scalar_,
         "the filter '" + base::printable(word(), 100) + "' in a template works only in the Snowflake CLI",
         "write the result instead, or use ctx.env.<name> with --env");
  }

  char next() const { return position_ < text_.size() ? text_[position_] : '\0'; }

  void skip_white_space() {
    while (position_ < text_.size() && white_space.find(text_[position_]) != std::string_view::npos)
      ++position_;
  }

  bool is_at_end_of_operand() const {
    const auto rest = text_.substr(std::min(position_, text_.size()));
    return rest.starts_with("%>") || rest.starts_with("-%>") || next() == ')' || next() == ',';
  }

  bool take(std::string_view token) {
    if (!text_.substr(std::min(position_, text_.size())).starts_with(token)) return false;
    position_ += token.size();
    return true;
  }

  std::string_view word() {
    const auto start = position_;
    while (is_word_character(next())) ++position_;
    return text_.substr(start, position_ - start);
  }

  [[noreturn]] void unexpected() {
    if (position_ >= text_.size()) fail_to_parse("it has no end");
    if (take("%>") || take("-%>")) fail_to_parse("expected an expression before %>");
    const char c = next();
    const auto ahead = base::to_lower(word());
    const bool is_operator = ahead.empty() ? std::string_view{"+-*/~=<>[{,"}.find(c) != std::string_view::npos
                                           : std::ranges::find(operators, ahead) != operators.end();
    if (is_operator) unsupported();
    fail_to_parse("unexpected '" + base::printable(ahead.empty() ? std::string{c} : ahead, 100) + "'");
  }

  [[noreturn]] void unsupported() const {
    fail(scalar_, "Unexpected template syntax in " + base::printable(text_, 500),
         "write <% ctx.env.<name> %>, or a function of the Snowflake CLI: <% fn.concat_ids('a', 'b') %>");
  }

  [[noreturn]] void fail_to_parse(const std::string& why) const {
    fail(scalar_, "Error parsing template '" + base::printable(text_, 500) + "': " + why,
         "templates look like <% ctx.env.<name> %>");
  }

  const Node& scalar_;
  std::string_view text_;
  Names& names_;
  std::string result_;
  std::size_t position_ = 0;
  bool has_names_ = false;
};

std::string Names::filled_in(const Node& scalar) {
  if (scalar.text.find("<%") == std::string::npos && scalar.text.find("{#") == std::string::npos)
    return scalar.text;
  auto result = Template{scalar, *this}.fill_in();
  bytes_ += result.size();
  if (bytes_ > max_bytes) fail(scalar, too_large, "shorten them");
  return result;
}

std::string Names::value_of(const Name& parts, const Node& at) {
  const std::string name = base::join(parts, ".");
  const std::string shown = base::printable(name, 200);
  if (parts.size() == 3 && parts[0] == "ctx" && parts[1] == "env") {
    // Templates in them are not filled in.
    if (const auto found = overrides_.find(parts[2]); found != overrides_.end()) return found->second;
    if (auto value = environment.get(parts[2])) return *value;
  }
  if (function_of(parts) != nullptr) fail(at, shown + " is a function", "call it: " + shown + "('a')");
  const Node* node = parts[0] == "ctx" ? &root_ : nullptr;
  for (std::size_t index = 1; node != nullptr && index < parts.size(); ++index)
    node = node->find(parts[index]);
  if (node == nullptr && name != "fn") {
    fail(at, "Could not find template variable " + shown,
         "pass it with --env, or write it into the project file");
  }
  if (node == nullptr || !node->is_scalar())
    fail(at, "Template variable " + shown + " does not have a scalar value", "name a value inside it");
  if (const auto known = known_.find(name); known != known_.end()) return known->second;
  if (in_progress_.size() >= max_template_depth)
    fail(at, "templates refer to each other too many times", "write the value of one of them out");
  if (!in_progress_.insert(name).second)
    fail(at, "Cycle detected in template variable " + shown, "give one of them a value of its own");
  std::string value = filled_in(*node);
  in_progress_.erase(name);
  known_.emplace(name, value);
  return value;
}

void fill_in(Node& node, Names& names) {
  if (node.is_scalar()) node.text = names.filled_in(node);
  for (auto& member : node.members) fill_in(member.value, names);
  for (auto& item : node.items) fill_in(item, names);
}

}  // namespace

void fill_in_templates(Node& root, const Overrides& overrides, const base::Environment& environment) {
  const Node original = root;
  Names names{original, overrides, environment};
  fill_in(root, names);
}

}  // namespace plugin::project_file
