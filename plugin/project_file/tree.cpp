// SPDX-License-Identifier: Apache-2.0
#include "project_file/tree.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace plugin::project_file {
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

}  // namespace plugin::project_file
