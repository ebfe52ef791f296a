// SPDX-License-Identifier: Apache-2.0
#include "project_file/functions.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "object_name.hpp"

namespace project_file {
namespace {

using Arguments = std::vector<Value>;

constexpr std::size_t max_identifier = 255;

bool is_quoted_identifier(std::string_view text) {
  return text.starts_with('"') && plugin::is_identifier(text);
}

std::string in_quotes(const std::string& text) {
  if (is_quoted_identifier(text)) return text;
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"') result += c;
    result += c;
  }
  return result + '"';
}

std::string to_identifier(const std::string& text) {
  return plugin::is_identifier(text) ? text : in_quotes(text);
}

std::string to_text(const std::string& identifier) {
  if (!is_quoted_identifier(identifier)) return identifier;
  std::string result;
  for (std::size_t at = 1; at + 1 < identifier.size(); ++at) {
    result += identifier[at];
    if (identifier[at] == '"') ++at;
  }
  return result;
}

std::string concat_ids(const Arguments& arguments, const base::Environment&) {
  std::string whole;
  for (const auto& argument : arguments) whole += to_text(argument.text);
  const bool quotes =
      std::ranges::any_of(arguments, [](const Value& value) { return is_quoted_identifier(value.text); });
  return quotes ? in_quotes(whole) : to_identifier(whole);
}

std::string str_to_id(const Arguments& arguments, const base::Environment&) {
  return to_identifier(arguments[0].text);
}

std::string id_to_str(const Arguments& arguments, const base::Environment&) {
  return to_text(arguments[0].text);
}

std::string sanitize_id(const Arguments& arguments, const base::Environment&) {
  std::string result;
  for (const char c : arguments[0].text) {
    // Alone it need not be one yet: digits and $ only come later in an identifier.
    if (plugin::is_identifier(std::string{"_"} + c)) result += c;
  }
  if (result.empty() || !plugin::is_identifier(result.substr(0, 1))) result.insert(0, "_");
  return result.substr(0, max_identifier);
}

std::string get_username(const Arguments& arguments, const base::Environment& environment) {
  for (const char* name : {"USER", "USERNAME", "LOGNAME"}) {
    if (auto user = environment.non_empty(name)) return *user;
  }
  return arguments.empty() ? std::string{} : arguments[0].text;
}

constexpr std::size_t any_number = 1000;

/// Every function, and how many arguments it takes.
constexpr struct {
  std::string_view name;
  std::string (*call)(const Arguments&, const base::Environment&);
  std::size_t least;
  std::size_t most;
} functions[] = {
    {"concat_ids", concat_ids, 1, any_number},
    {"get_username", get_username, 0, 1},
    {"id_to_str", id_to_str, 1, 1},
    {"sanitize_id", sanitize_id, 1, 1},
    {"str_to_id", str_to_id, 1, 1},
};

[[noreturn]] void refuse(std::string_view name, const std::string& why) {
  throw base::Error(base::Kind::config, std::string{name} + why, "look at the arguments of the function");
}

}  // namespace

bool is_function(std::string_view name) {
  return std::ranges::any_of(functions, [&](const auto& function) { return function.name == name; });
}

Value call_function(std::string_view name, const Arguments& arguments, const base::Environment& environment) {
  for (const auto& function : functions) {
    if (function.name != name) continue;
    if (arguments.size() < function.least) {
      refuse(name, " requires at least " + std::to_string(function.least) + " argument(s)");
    }
    if (arguments.size() > function.most) {
      refuse(name, " supports at most " + std::to_string(function.most) + " argument(s)");
    }
    if (!std::ranges::all_of(arguments, &Value::is_text)) refuse(name, " only accepts String values");
    return {function.call(arguments, environment)};
  }
  refuse(name, " is no function of templates");
}

}  // namespace project_file
