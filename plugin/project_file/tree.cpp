// SPDX-License-Identifier: Apache-2.0
#include "project_file/tree.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace project_file {
namespace {

/// Python's repr: single quotes, unless only those are inside.
std::string quoted(const std::string& text) {
  const bool has_single = text.find('\'') != std::string::npos;
  const char quote = has_single && text.find('"') == std::string::npos ? '"' : '\'';
  std::string result(1, quote);
  for (const char c : text) {
    if (c == '\n') {
      result += "\\n";
    } else if (c == '\t') {
      result += "\\t";
    } else {
      if (c == quote || c == '\\') result += '\\';
      result += c;
    }
  }
  return result + quote;
}

std::string nested(const Node& node) { return node.is_scalar() ? quoted(node.text) : node.in_words(); }

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
      for (const auto& [key, value] : members) words.push_back(quoted(key) + ": " + nested(value));
      return "{" + base::join(words, ", ") + "}";
    case Kind::sequence:
      for (const auto& item : items) words.push_back(nested(item));
      return "[" + base::join(words, ", ") + "]";
  }
  return {};
}

void merge(Node& base, const Node& top) {
  for (const auto& [key, value] : top.members) {
    Node* own = base.find(key);
    if (own == nullptr) {
      base.members.push_back({key, value});
    } else if (own->is_mapping() && !own->overrides && value.is_mapping() && !value.overrides) {
      merge(*own, value);
    } else {
      *own = value;
    }
  }
}

}  // namespace project_file
