// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "names/object_name.hpp"
#include "project_file/templates.hpp"

namespace plugin::project_file {
namespace {

using Arguments = std::vector<Value>;

struct Function {
  std::string_view name;
  std::string (*call)(const Arguments&, const base::Environment&);
  std::size_t min_arguments;
  std::size_t max_arguments;
};

bool is_quoted(std::string_view text) { return text.starts_with('"') && snowflake::is_identifier(text); }
std::string without_quotes(const std::string& text) {
  return is_quoted(text) ? snowflake::stored_name_of(text) : text;
}
/// In quotes even where they are not needed.
std::string in_quotes(const std::string& text) {
  if (is_quoted(text)) return text;
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? std::string{"\"\""} : std::string{c};
  return result + '"';
}
std::string to_identifier(const std::string& text) {
  return snowflake::is_identifier(text) ? text : in_quotes(text);
}

std::string concat_ids(const Arguments& arguments, const base::Environment&) {
  std::string whole;
  for (const auto& argument : arguments) whole += without_quotes(argument.text);
  const bool quotes =
      std::ranges::any_of(arguments, [](const Value& value) { return is_quoted(value.text); });
  return quotes ? in_quotes(whole) : to_identifier(whole);
}

std::string str_to_id(const Arguments& arguments, const base::Environment&) {
  return to_identifier(arguments[0].text);
}

std::string id_to_str(const Arguments& arguments, const base::Environment&) {
  return without_quotes(arguments[0].text);
}

std::string sanitize_id(const Arguments& arguments, const base::Environment&) {
  std::string result;
  for (const char c : arguments[0].text) {
    // Digits and $ are fine, but not at the beginning.
    if (snowflake::is_identifier(std::string{"_"} + c)) result += c;
  }
  if (result.empty() || !snowflake::is_identifier(result.substr(0, 1))) result.insert(0, "_");
  return result.substr(0, snowflake::max_identifier);
}

std::string get_username(const Arguments& arguments, const base::Environment& environment) {
  for (const char* name : {"USER", "USERNAME", "LOGNAME"}) {
    if (auto user = environment.non_empty(name)) return *user;
  }
  return arguments.empty() ? std::string{} : arguments[0].text;
}

constexpr std::array functions = {
    Function{"concat_ids", concat_ids, 1, 1000}, Function{"get_username", get_username, 0, 1},
    Function{"id_to_str", id_to_str, 1, 1},      Function{"sanitize_id", sanitize_id, 1, 1},
    Function{"str_to_id", str_to_id, 1, 1},
};

const Function* function_of(const Name& name) {
  if (name.size() != 2 || name[0] != "fn") return nullptr;
  const auto found = std::ranges::find(functions, name[1], &Function::name);
  return found == functions.end() ? nullptr : &*found;
}

}  // namespace

bool is_function(const Name& name) { return function_of(name) != nullptr; }

std::string call_function(const Name& name, const Arguments& arguments, const base::Environment& environment,
                          const Node& at) {
  const auto& function = *function_of(name);
  const auto refuse = [&](const std::string& why) {
    fail(at, base::join(name, ".") + why, "check the arguments of the function");
  };
  if (arguments.size() < function.min_arguments)
    refuse(" needs at least " + std::to_string(function.min_arguments) + " argument(s)");
  if (arguments.size() > function.max_arguments)
    refuse(" takes at most " + std::to_string(function.max_arguments) + " argument(s)");
  if (!std::ranges::all_of(arguments, &Value::is_text)) refuse(" takes only text");
  return function.call(arguments, environment);
}

}  // namespace plugin::project_file
