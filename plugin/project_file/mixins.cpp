// SPDX-License-Identifier: Apache-2.0
#include "project_file/mixins.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "project_file/checks.hpp"
#include "project_file/mistakes.hpp"

namespace project_file {
namespace {

struct Use {
  std::string name;
  std::string place;
};

std::vector<Use> used_mixins(const Node& entity) {
  const Node* meta = entity.find("meta");
  const Node* used = meta == nullptr ? nullptr : meta->find("use_mixins");
  std::vector<Use> uses;
  if (used == nullptr) return uses;
  if (used->is_scalar()) uses.push_back({used->text, used->place});
  for (const auto& item : used->items) uses.push_back({item.text, item.place});
  return uses;
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
    const auto python_type = [](const Node& node) {
      return std::string{"<class '"} + type_in_words(node) + "'>";
    };
    fail(above.place,
         "Value error, Could not merge " + python_type(above) + " and " + python_type(below) + ".",
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

void check_fit(const std::string& id, const Node& entity, const Member& from_mixins) {
  const auto& [key, value] = from_mixins;
  if (!is_key_of_repository(key)) {
    fail(value.place,
         "Value error, Unsupported key '" + base::printable(key, 100) + "' for entity " +
             base::printable(id, 100) + " of type " + our_type,
         "remove it from the mixin, or do not use the mixin there");
  }
  const Node* own = entity.find(key);
  if (own == nullptr || own->overrides || own->kind == value.kind) return;
  fail(own->place,
       "Value error, Value from mixins for property " + key + " is of type '" + type_in_words(value) +
           "' while entity " + base::printable(id, 100) + " expects value of type '" + type_in_words(*own) +
           "'",
       "give both the same form, or mark the entity's with !override");
}

}  // namespace

void apply_mixins(const std::string& id, Node& entity, const Node& mixins) {
  Node below;
  below.kind = Node::Kind::mapping;
  for (const auto& [name, place] : used_mixins(entity)) {
    const Node* mixin = mixins.find(name);
    if (mixin == nullptr) {
      fail(place, "Value error, Mixin " + base::printable(name, 100) + " not defined",
           "define it below mixins, or remove it from use_mixins");
    }
    below = laid_over(below, *mixin);
  }
  for (const auto& member : below.members) check_fit(id, entity, member);
  if (!below.members.empty()) entity = laid_over(below, entity);
}

}  // namespace project_file
