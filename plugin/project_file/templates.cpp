// SPDX-License-Identifier: Apache-2.0
#include "project_file/templates.hpp"

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"

namespace project_file {
namespace {

using base::Error;
using base::Kind;

constexpr std::string_view opening = "<%";
constexpr std::string_view closing = "%>";
constexpr std::size_t longest_value = 1U << 20;

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_name(std::string_view expression) {
  return !expression.empty() && !expression.starts_with('.') && !expression.ends_with('.') &&
         std::ranges::all_of(expression, [](char c) { return is_word_character(c) || c == '.'; });
}

bool is_constant(std::string_view text) {
  return text.size() > 1 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front() &&
         text.substr(1, text.size() - 2).find_first_of("\"'\\") == std::string_view::npos;
}

class Templates {
public:
  Templates(const Node& root, const Overrides& overrides, const base::Environment& environment)
      : root_(root), overrides_(overrides), environment_(environment) {}

  void fill_in(Node& node) {
    if (node.is_scalar()) node.text = filled_in(node.text, node.place);
    for (auto& member : node.members) fill_in(member.value);
    for (auto& item : node.items) fill_in(item);
  }

private:
  std::string filled_in(const std::string& text, const std::string& place) {
    std::string result;
    std::string_view rest = text;
    while (true) {
      const auto start = rest.find(opening);
      result += rest.substr(0, start);
      if (result.size() > longest_value)
        fail(place, "templates fill in more than a project can need", "shorten them");
      if (start == std::string_view::npos) return result;
      rest.remove_prefix(start + opening.size());
      const auto end = rest.find(closing);
      if (end == std::string_view::npos) {
        fail(place,
             "Error parsing template from project definition file. Value: '" + base::printable(text, 200) +
                 "'.",
             "close it with %>");
      }
      result += value_of(std::string{base::trim(rest.substr(0, end))}, text, place);
      rest.remove_prefix(end + closing.size());
    }
  }

  std::string value_of(const std::string& expression, const std::string& text, const std::string& place) {
    if (is_constant(expression)) return expression.substr(1, expression.size() - 2);
    if (expression.starts_with("fn.")) {
      fail(place,
           "the function " + expression.substr(0, expression.find('(')) +
               " in a template works in the Snowflake CLI only",
           "write out what it would give, or use ctx.env.<name> with --env");
    }
    if (expression.find('|') != std::string::npos) {
      fail(place,
           "the filter '" + std::string{base::trim(expression.substr(expression.find('|') + 1))} +
               "' in a template works in the Snowflake CLI only",
           "write out what it would give, or use ctx.env.<name> with --env");
    }
    if (!is_name(expression))
      fail(place, "Unexpected template syntax in " + base::printable(text, 200),
           "write <% ctx.env.<name> %>");
    return variable(expression, place);
  }

  std::string variable(const std::string& name, const std::string& place) {
    const auto parts = base::split(name, '.');
    if (parts.size() == 3 && parts[0] == "ctx" && parts[1] == "env") {
      if (const auto found = overrides_.find(parts[2]); found != overrides_.end()) return found->second;
      if (auto value = environment_.get(parts[2])) return *value;
    }
    const Node* node = parts[0] == "ctx" ? &root_ : nullptr;
    for (std::size_t index = 1; node != nullptr && index < parts.size(); ++index)
      node = node->find(parts[index]);
    if (node == nullptr || parts.size() < 2) {
      fail(place, "Could not find template variable " + name,
           "give it with --env, or write it into the project file");
    }
    if (!node->is_scalar()) {
      fail(place, "Template variable " + name + " does not have a scalar value", "name a value inside of it");
    }
    if (!being_filled_in_.insert(name).second) {
      fail(place, "Cycle detected in template variable " + name,
           "one of them has to have a value of its own");
    }
    std::string value = filled_in(node->text, node->place);
    being_filled_in_.erase(name);
    return value;
  }

  [[noreturn]] static void fail(const std::string& place, const std::string& what, const std::string& hint) {
    throw Error(Kind::config, place + ": " + what, hint);
  }

  const Node& root_;
  const Overrides& overrides_;
  const base::Environment& environment_;
  std::set<std::string> being_filled_in_;
};

void check_env(const Node& root) {
  const Node* env = root.find("env");
  if (env == nullptr) return;
  if (!env->is_mapping()) {
    throw Error(Kind::config, env->place + ": env section in project definition file should be a mapping",
                "write <name>: <value> below it");
  }
  for (const auto& [key, value] : env->members) {
    if (value.is_scalar()) continue;
    throw Error(
        Kind::config,
        value.place + ": Variable " + key + " in env section of project definition file should be a scalar",
        "give it one value");
  }
}

}  // namespace

void fill_in_templates(Node& root, const Overrides& overrides, const base::Environment& environment) {
  check_env(root);
  const Node original = root;
  Templates{original, overrides, environment}.fill_in(root);
}

}  // namespace project_file
