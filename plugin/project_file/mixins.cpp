// SPDX-License-Identifier: Apache-2.0
#include "project_file/mixins.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace project_file {
namespace {

using base::Error;
using base::Kind;

std::vector<std::string> names_of_mixins(const Node& entity) {
  const Node* meta = entity.find("meta");
  const Node* used = meta == nullptr ? nullptr : meta->find("use_mixins");
  std::vector<std::string> names;
  if (used == nullptr) return names;
  if (used->is_scalar()) names.push_back(used->text);
  for (const auto& item : used->items) names.push_back(item.text);
  return names;
}

const char* type_in_words(const Node& node) {
  switch (node.kind) {
    case Node::Kind::scalar:
      return "str";
    case Node::Kind::mapping:
      return "dict";
    case Node::Kind::sequence:
      return "list";
  }
  return "";
}

Node laid_over(const Node& below, const Node& above) {
  if (above.overrides) return above;
  if (below.kind != above.kind) {
    throw Error(
        Kind::config,
        above.place + ": Could not merge " + type_in_words(above) + " and " + type_in_words(below) + ".",
        "give both the same form, or mark one with !override");
  }
  if (above.is_scalar()) return above;
  Node result = below;
  result.place = above.place;
  for (const auto& [key, value] : above.members) {
    if (Node* own = result.find(key)) {
      *own = laid_over(*own, value);
    } else {
      result.members.push_back({key, value});
    }
  }
  for (const auto& item : above.items) {
    const auto same = [&](const Node& other) { return other.in_words() == item.in_words(); };
    if (std::ranges::none_of(result.items, same)) result.items.push_back(item);
  }
  return result;
}

}  // namespace

void apply_mixins(const std::string& id, Node& entity, const Node& mixins,
                  const std::vector<std::string>& allowed) {
  Node below;
  below.kind = Node::Kind::mapping;
  for (const auto& name : names_of_mixins(entity)) {
    const Node* mixin = mixins.find(name);
    if (mixin == nullptr) {
      throw Error(Kind::config, entity.place + ": Value error, Mixin " + name + " not defined",
                  "define it below mixins, or remove it from use_mixins");
    }
    below = laid_over(below, *mixin);
  }
  for (const auto& [key, value] : below.members) {
    if (std::ranges::find(allowed, key) != allowed.end()) continue;
    throw Error(
        Kind::config,
        value.place + ": Unsupported key '" + key + "' for entity " + id + " of type image-repository",
        "remove it from the mixin, or do not use the mixin there");
  }
  if (!below.members.empty()) entity = laid_over(below, entity);
}

}  // namespace project_file
