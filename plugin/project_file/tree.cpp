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

std::string Node::in_words() const {
  std::vector<std::string> words;
  switch (kind) {
    case Kind::scalar:
      return text;
    case Kind::mapping:
      for (const auto& [key, value] : members) words.push_back(key + ": " + value.in_words());
      return "{" + base::join(words, ", ") + "}";
    case Kind::sequence:
      for (const auto& item : items) words.push_back(item.in_words());
      return "[" + base::join(words, ", ") + "]";
  }
  return {};
}

const char* Node::kind_in_words() const {
  switch (kind) {
    case Kind::scalar:
      return "text";
    case Kind::mapping:
      return "a mapping";
    case Kind::sequence:
      return "a list";
  }
  return "";
}

void fail(const Node& at, const std::string& what, const std::string& hint) {
  throw base::Error(base::Kind::config, at.location + ": " + what, hint);
}

void merge(Node& below, const Node& top) {
  for (const auto& [key, value] : top.members) {
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

Node merged_like_mixin(const Node& below, const Node& above) {
  if (above.overrides) return above;
  if (below.kind != above.kind) {
    fail(above,
         std::string{"cannot merge "} + above.kind_in_words() + " with " + below.kind_in_words() + " from " +
             below.location,
         "give both the same form, or mark this one with !override");
  }
  if (above.is_scalar()) return above;
  Node result = below;
  result.location = above.location;
  for (const auto& [key, value] : above.members) {
    if (Node* own = result.find(key)) {
      *own = merged_like_mixin(*own, value);
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
