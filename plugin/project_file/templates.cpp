// SPDX-License-Identifier: Apache-2.0
#include "project_file/templates.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "base/text.hpp"

namespace plugin::project_file {
namespace {

constexpr std::string_view white_space = " \t\r\n\f\v";
/// Templates can multiply each other: a limit for what all of them together produce.
constexpr std::size_t max_bytes = 4U << 20;
constexpr const char* too_large = "the templates of the project produce more than 4 MB of text";
/// How deep templates may refer to each other, and expressions may be nested.
constexpr std::size_t max_template_depth = 100;
/// Operators of Jinja that are words.
constexpr std::array<std::string_view, 6> operators = {"if", "and", "or", "not", "is", "in"};

/// Names may have letters of any script: each byte of UTF-8 beyond ASCII counts as one.
bool is_word_character(char c) {
  return base::is_alphanumeric(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

/// The values of names, for all templates of one file.
class Names {
public:
  Names(const Node& root, const Overrides& overrides, const base::Environment& variables)
      : environment(variables), root_(root), overrides_(overrides) {}

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
  Template(const Node& scalar, Names& names) : scalar_(scalar), names_(names), rest_(scalar.text) {}

  std::string fill_in() {
    while (true) {
      const auto begin = std::min(rest_.find("<%"), rest_.find("{#"));
      result_ += rest_.substr(0, begin);
      if (begin == std::string_view::npos) break;
      const bool is_comment = rest_[begin] == '{';
      rest_.remove_prefix(begin + 2);
      if (next() == '-') result_.erase(result_.find_last_not_of(white_space) + 1);
      is_comment ? skip_comment() : print_expression();
    }
    // The Snowflake CLI leaves a scalar alone that has no names, even if it has comments and constants.
    return has_names_ ? result_ : scalar_.text;
  }

private:
  void skip_comment() {
    const auto end = rest_.find("#}");
    if (end == std::string_view::npos) fail_to_parse("the comment is not closed");
    const bool strips = rest_.substr(0, end).ends_with('-');
    rest_.remove_prefix(end + 2);
    if (strips) skip_white_space();
  }

  void print_expression() {
    if (!take("-")) take("+");
    result_ += operand(0).text;
    if (result_.size() > max_bytes) fail(scalar_, too_large, "shorten them");
    skip_white_space();
    const bool strips = take("-%>");
    if (!strips && !take("%>")) unexpected();
    if (strips) skip_white_space();
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
    } else if (base::is_digit(next())) {
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
    const auto start = rest_;
    Name name = {std::string{word()}};
    const std::string first = base::to_lower(name[0]);
    if (std::ranges::find(operators, first) != operators.end()) {
      rest_ = start;
      unexpected();
    }
    if (first == "true") return {"True", false};
    if (first == "false") return {"False", false};
    if (first == "none") return {"None", false};
    has_names_ = true;
    for (skip_white_space(); take("."); skip_white_space()) {
      skip_white_space();
      if (base::is_digit(next())) unsupported();
      if (!is_word_character(next())) fail_to_parse("a name is missing after a dot");
      name.emplace_back(word());
    }
    if (take("(")) return call(name, depth);
    // Whatever follows would change what the name means, so it is refused before the name is looked up.
    refuse_filter();
    if (!is_at_end_of_operand()) unexpected();
    // An argument that is a function without a call is not text; the function that gets it reports that.
    if (depth > 0 && is_function(name)) return {"", false};
    return {names_.value_of(name, scalar_)};
  }

  Value call(const Name& name, std::size_t depth) {
    std::vector<Value> arguments;
    for (skip_white_space(); !take(")"); skip_white_space()) {
      arguments.push_back(operand(depth + 1));
      skip_white_space();
      if (!take(",") && next() != ')') unexpected();
    }
    skip_white_space();
    if (next() == '.' || next() == '(') unsupported();
    if (!is_function(name)) {
      names_.value_of(name, scalar_);  // throws when there is nothing of that name
      fail(scalar_, base::printable(base::join(name, "."), 200) + " is not a function",
           "check the name of the function");
    }
    return {call_function(name, arguments, names_.environment, scalar_)};
  }

  Value constant_text() {
    Value value;
    // As in Python, texts side by side are one.
    for (; next() == '"' || next() == '\''; skip_white_space()) {
      const char quote = take_one();
      while (next() != quote) {
        if (rest_.empty()) fail_to_parse("a quote is not closed");
        value.text += character();
      }
      take_one();
    }
    return value;
  }

  char character() {
    if (!take("\\")) return take_one();
    if (take("n")) return '\n';
    if (take("t")) return '\t';
    if (next() != '\\' && next() != '\'' && next() != '"')
      fail_to_parse("only \\\\ \\' \\\" \\n and \\t can be escaped");
    return take_one();
  }

  Value number() {
    const auto digits = word();
    const bool whole =
        std::ranges::all_of(digits, base::is_digit) && (digits.size() == 1 || digits[0] != '0');
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

  char next() const { return rest_.empty() ? '\0' : rest_.front(); }

  char take_one() {
    const char c = next();
    rest_.remove_prefix(1);
    return c;
  }

  bool take(std::string_view token) {
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  void skip_white_space() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(white_space), rest_.size()));
  }

  bool is_at_end_of_operand() const {
    return rest_.starts_with("%>") || rest_.starts_with("-%>") || next() == ')' || next() == ',';
  }

  std::string_view word() {
    const auto* end = std::ranges::find_if_not(rest_, is_word_character);
    const auto word = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(word.size());
    return word;
  }

  [[noreturn]] void unexpected() {
    if (rest_.empty()) fail_to_parse("it is not closed");
    if (take("%>") || take("-%>")) fail_to_parse("expected an expression before %>");
    const char c = next();
    const auto ahead = base::to_lower(word());
    const bool is_operator = ahead.empty() ? std::string_view{"+-*/~=<>[{,"}.find(c) != std::string_view::npos
                                           : std::ranges::find(operators, ahead) != operators.end();
    if (is_operator) unsupported();
    fail_to_parse("unexpected '" + base::printable(ahead.empty() ? std::string{c} : ahead, 100) + "'");
  }

  [[noreturn]] void unsupported() const {
    fail(scalar_, "Unexpected template syntax in " + base::printable(scalar_.text, 500),
         "write <% ctx.env.<name> %>, or a function of the Snowflake CLI: <% fn.concat_ids('a', 'b') %>");
  }

  [[noreturn]] void fail_to_parse(const std::string& why) const {
    fail(scalar_, "Error parsing template '" + base::printable(scalar_.text, 500) + "': " + why,
         "templates look like <% ctx.env.<name> %>");
  }

  const Node& scalar_;
  Names& names_;
  std::string_view rest_;
  std::string result_;
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
    // Templates in the values of variables are not filled in.
    if (const auto found = overrides_.find(parts[2]); found != overrides_.end()) return found->second;
    if (auto value = environment.get(parts[2])) return *value;
  }
  if (is_function(parts)) fail(at, shown + " is a function", "call it: " + shown + "('a')");
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
    fail(at, "templates refer to each other too many times", "write one of their values out");
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
