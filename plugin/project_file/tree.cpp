// SPDX-License-Identifier: Apache-2.0
#include "project_file/tree.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace plugin::project_file {
namespace {

bool same_value(const Node& left, const Node& right) {
  const auto same_member = [](const Member& a, const Member& b) {
    return a.key == b.key && same_value(a.value, b.value);
  };
  return left.kind == right.kind && left.text == right.text &&
         std::ranges::equal(left.items, right.items, same_value) &&
         std::ranges::equal(left.members, right.members, same_member);
}

}  // namespace

const Node* Node::find(std::string_view key) const {
  const auto found = std::ranges::find(members, key, &Member::key);
  return found == members.end() ? nullptr : &found->value;
}

Node* Node::find(std::string_view key) {
  const auto found = std::ranges::find(members, key, &Member::key);
  return found == members.end() ? nullptr : &found->value;
}

std::string Node::on_one_line() const {
  if (is_scalar()) return text;
  std::vector<std::string> words;
  for (const auto& [key, value] : members) words.push_back(key + ": " + value.on_one_line());
  for (const auto& item : items) words.push_back(item.on_one_line());
  const auto inside = base::join(words, ", ");
  return is_mapping() ? "{" + inside + "}" : "[" + inside + "]";
}

const char* name_of(Node::Kind kind) {
  if (kind == Node::Kind::scalar) return "text";
  return kind == Node::Kind::mapping ? "a mapping" : "a list";
}

void fail(const Node& at, const std::string& what, const std::string& hint) {
  throw base::Error(base::Kind::config, at.location + ": " + what, hint);
}

void merge(Node& below, const Node& above) {
  for (const auto& [key, value] : above.members) {
    Node* own = below.find(key);
    if (own == nullptr) {
      below.members.push_back({key, value});
    } else if (own->is_mapping() && !own->overrides && value.is_mapping() && !value.overrides) {
      merge(*own, value);
    } else {
      *own = value;
    }
  }
}

Node merged_with_mixin(const Node& below, const Node& above) {
  if (above.overrides) return above;
  if (below.kind != above.kind) {
    fail(above,
         std::string{"cannot merge "} + name_of(above.kind) + " with " + name_of(below.kind) + " from " +
             below.location,
         "give both the same form, or mark this one with !override");
  }
  if (above.is_scalar()) return above;
  Node result = below;
  result.location = above.location;
  for (const auto& [key, value] : above.members) {
    if (Node* own = result.find(key)) {
      *own = merged_with_mixin(*own, value);
    } else {
      result.members.push_back({key, value});
    }
  }
  for (const auto& item : above.items) {
    const auto same = [&](const Node& other) { return same_value(other, item); };
    if (std::ranges::none_of(result.items, same)) result.items.push_back(item);
  }
  return result;
}

}  // namespace plugin::project_file
