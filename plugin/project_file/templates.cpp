// SPDX-License-Identifier: Apache-2.0
#include "project_file/templates.hpp"

#include <optional>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "project_file/expression.hpp"

namespace project_file {
namespace {

using base::Error;
using base::Kind;

/// Templates can multiply each other; all of them together may make so many bytes.
constexpr std::size_t max_bytes = 4U << 20;
/// How many templates may stand for each other in a row.
constexpr std::size_t deepest = 100;

class Templates {
public:
  Templates(const Node& root, const Overrides& overrides, const base::Environment& environment)
      : root_(root), overrides_(overrides), environment_(environment) {}

  void fill_in(Node& node) {
    if (node.is_scalar()) node.text = filled_in(node);
    for (auto& member : node.members) fill_in(member.value);
    for (auto& item : node.items) fill_in(item);
  }

private:
  /// Where a template stands is known here only.
  template <class Action>
  static auto with_place(const std::string& place, Action action) {
    try {
      return action();
    } catch (const Error& error) {
      fail(place, error.what(), error.hint());
    }
  }

  std::string filled_in(const Node& scalar) {
    if (scalar.text.find("<%") == std::string::npos && scalar.text.find("{#") == std::string::npos)
      return scalar.text;
    const auto parsed = with_place(scalar.place, [&] { return parse_template(scalar.text); });
    if (!parsed.has_names) return scalar.text;
    std::string result;
    for (const auto& piece : parsed.pieces) {
      const std::string text =
          piece.expression.empty() ? piece.text : value_of(piece.expression[0], scalar.place).text;
      bytes_ += text.size();
      if (bytes_ > max_bytes)
        fail(scalar.place, "templates fill in more than a project can need", "shorten them");
      result += text;
    }
    return result;
  }

  Value value_of(const Expression& expression, const std::string& place) {
    switch (expression.kind) {
      case Expression::Kind::constant:
        return expression.constant;
      case Expression::Kind::name:
        return {variable(expression.name, place)};
      case Expression::Kind::call:
        return result_of(expression, place);
    }
    return {};
  }

  Value result_of(const Expression& call, const std::string& place) {
    if (!names_function(call.name)) {
      const std::string name = base::join(call.name, ".");
      variable(call.name, place);
      fail(place, "Template variable " + base::printable(name, 200) + " is no function",
           "remove its brackets");
    }
    std::vector<Value> arguments;
    for (const auto& argument : call.arguments) {
      if (argument.kind == Expression::Kind::name && names_function(argument.name)) {
        arguments.push_back({"", false});
      } else {
        arguments.push_back(value_of(argument, place));
      }
    }
    return with_place(place, [&] { return call_function(call.name[1], arguments, environment_); });
  }

  static bool names_function(const std::vector<std::string>& parts) {
    return parts.size() == 2 && parts[0] == "fn" && is_function(parts[1]);
  }

  std::string variable(const std::vector<std::string>& parts, const std::string& place) {
    const std::string name = base::join(parts, ".");
    const std::string shown = base::printable(name, 200);
    if (parts.size() == 3 && parts[0] == "ctx" && parts[1] == "env") {
      // As they are: what looks like a template in them is none.
      if (const auto found = overrides_.find(parts[2]); found != overrides_.end()) return found->second;
      if (auto value = environment_.get(parts[2])) return *value;
    }
    if (names_function(parts)) fail(place, shown + " is a function", "call it: " + shown + "('a')");
    if (parts.size() == 1 && parts[0] == "fn") fail_as_no_scalar(place, shown);
    const Node* node = parts[0] == "ctx" ? &root_ : nullptr;
    for (std::size_t index = 1; node != nullptr && index < parts.size(); ++index)
      node = node->find(parts[index]);
    if (node == nullptr) {
      fail(place, "Could not find template variable " + shown,
           "give it with --env, or write it into the project file");
    }
    if (!node->is_scalar()) fail_as_no_scalar(place, shown);
    if (const auto known = known_.find(name); known != known_.end()) return known->second;
    if (being_filled_in_.size() >= deepest)
      fail(place, "too many templates stand for each other", "write out what one of them stands for");
    if (!being_filled_in_.insert(name).second) {
      fail(place, "Cycle detected in template variable " + shown,
           "one of them has to have a value of its own");
    }
    std::string value = filled_in(*node);
    being_filled_in_.erase(name);
    known_.emplace(name, value);
    return value;
  }

  [[noreturn]] static void fail_as_no_scalar(const std::string& place, const std::string& name) {
    fail(place, "Template variable " + name + " does not have a scalar value", "name a value inside of it");
  }

  [[noreturn]] static void fail(const std::string& place, const std::string& what, const std::string& hint) {
    throw Error(Kind::config, place + ": " + what, hint);
  }

  const Node& root_;
  const Overrides& overrides_;
  const base::Environment& environment_;
  std::set<std::string> being_filled_in_;
  std::map<std::string, std::string> known_;
  std::size_t bytes_ = 0;
};

}  // namespace

void fill_in_templates(Node& root, const Overrides& overrides, const base::Environment& environment) {
  const Node original = root;
  Templates{original, overrides, environment}.fill_in(root);
}

}  // namespace project_file
