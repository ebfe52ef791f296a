// SPDX-License-Identifier: Apache-2.0
#include "docker_config/edit.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "docker_config/layout.hpp"

namespace docker_config {
namespace {

/// The objects that `object` of an `Edit` means.
std::vector<const JsonValue*> objects_named(const JsonText& json, const std::string& object) {
  if (object.empty()) return {&json.root()};
  std::vector<const JsonValue*> found;
  for (const auto& member : json.root().members) {
    if (base::equals_ignoring_case(member.key, object)) found.push_back(&member.value);
  }
  return found;
}

struct Position {
  const JsonValue* object = nullptr;
  std::size_t index = 0;
  const JsonMember& member() const { return object->members[index]; }
};

std::optional<Position> position_of(const JsonText& json, const std::string& object, const std::string& key) {
  const auto objects = objects_named(json, object);
  for (auto one = objects.rbegin(); one != objects.rend(); ++one) {
    const auto& members = (*one)->members;
    for (auto index = members.size(); index-- > 0;) {
      // Docker's own settings are read in any case; what they hold is not.
      const bool same =
          object.empty() ? base::equals_ignoring_case(members[index].key, key) : members[index].key == key;
      if (same) return Position{*one, index};
    }
  }
  return std::nullopt;
}

Edit replacement(const JsonText& json, Edit edit, std::size_t begin, std::size_t end, std::string added) {
  edit.at = begin;
  edit.removed = json.between(begin, end);
  edit.added = std::move(added);
  return edit;
}

bool same_json(const std::string& left, const std::string& right) {
  const auto parsed = base::parse_json(left);
  return parsed && parsed == base::parse_json(right);
}

}  // namespace

const JsonMember* find_member(const JsonText& json, const std::string& object, const std::string& key) {
  const auto position = position_of(json, object, key);
  return position ? &position->member() : nullptr;
}

std::optional<Edit> set_member(const JsonText& json, const std::string& object, const std::string& key,
                               const std::string& value) {
  Edit edit{object, key, std::nullopt, value, 0, {}, {}};
  if (const auto position = position_of(json, object, key)) {
    const auto& old = position->member().value;
    edit.was = json.of(old);
    if (same_json(*edit.was, value)) return std::nullopt;
    return replacement(json, edit, old.begin, old.end, value);
  }
  const auto objects = objects_named(json, object);
  if (objects.empty() || objects.back()->type != JsonValue::Type::object) {
    throw base::Error(
        base::Kind::config,
        json.place(objects.empty() ? 0 : objects.back()->begin) + ": " + object + " has to be { }",
        "correct the file at that place; it was left as it is");
  }
  const auto& target = *objects.back();
  const Layout layout{json};
  const auto member = layout.member(key, value);
  if (target.members.empty())
    return replacement(json, edit, target.begin + 1, target.end - 1, layout.only(target, member));
  const auto end = target.members.back().value.end;
  return replacement(json, edit, end, end, layout.before_next(target) + member);
}

std::optional<Edit> remove_member(const JsonText& json, const std::string& object, const std::string& key) {
  const auto position = position_of(json, object, key);
  if (!position) return std::nullopt;
  const auto& members = position->object->members;
  const auto& member = position->member();
  Edit edit{object, key, std::string{json.of(member.value)}, std::nullopt, 0, {}, {}};
  if (members.size() == 1)
    return replacement(json, edit, position->object->begin + 1, position->object->end - 1, "");
  if (position->index == 0) return replacement(json, edit, member.begin, members[1].begin, "");
  return replacement(json, edit, members[position->index - 1].value.end, member.value.end, "");
}

std::string apply(std::string text, const Edit& edit) {
  return text.replace(edit.at, edit.removed.size(), edit.added);
}

std::optional<std::string> revert(std::string text, const Edit& edit) {
  if (edit.at > text.size() || text.compare(edit.at, edit.added.size(), edit.added) != 0) return std::nullopt;
  return text.replace(edit.at, edit.added.size(), edit.removed);
}

std::optional<Edit> inverse(const JsonText& json, const Edit& edit) {
  const auto* member = find_member(json, edit.object, edit.key);
  const bool as_left =
      member == nullptr ? !edit.now : edit.now && same_json(std::string{json.of(member->value)}, *edit.now);
  if (!as_left) return std::nullopt;
  if (!edit.was) return remove_member(json, edit.object, edit.key);
  if (!edit.object.empty() && objects_named(json, edit.object).empty()) return std::nullopt;
  return set_member(json, edit.object, edit.key, *edit.was);
}

}  // namespace docker_config
