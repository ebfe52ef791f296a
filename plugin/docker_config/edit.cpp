// SPDX-License-Identifier: Apache-2.0
#include "docker_config/edit.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/json.hpp"

namespace plugin::docker_config {
namespace {

bool has_line_end(std::string_view text) { return text.find('\n') != std::string_view::npos; }

/// How a text is laid out: on one line or several, tabs or spaces, line ends. An empty object gets lines and
/// tabs, as Docker writes them.
class Layout {
public:
  explicit Layout(const JsonText& json) : json_(json) {
    if (const auto end = json.text().find('\n');
        end != std::string::npos && end > 0 && json.text()[end - 1] == '\r')
      newline_ = "\r\n";
    const auto& root = json.root();
    if (root.members.empty()) return;
    has_lines_ = has_line_end(json.of(root));
    const auto& first = root.members.front();
    const auto colon = json.between(first.key_end, first.value.begin);
    if (!has_line_end(colon)) colon_ = colon;
    const auto lead = json.between(root.begin + 1, first.begin);
    if (!has_line_end(lead)) {
      padding_ = lead;
      return;
    }
    const std::string outer = margin_at(root.begin);
    const std::string inner = margin_at(first.begin);
    unit_ = inner.starts_with(outer) ? inner.substr(outer.size()) : inner;
  }

  /// What separates a new member from the last one of `object`, which is not empty.
  std::string before_next(const JsonValue& object) const {
    const auto& members = object.members;
    if (members.size() > 1)
      return std::string{json_.between(members[members.size() - 2].value.end, members.back().begin)};
    const std::string lead{json_.between(object.begin + 1, members.front().begin)};
    if (has_line_end(lead)) return "," + lead;
    return colon_.ends_with(' ') ? ", " : ",";
  }

  /// What goes between the braces of `object`, which is empty, when `member` is added.
  std::string first(const JsonValue& object, const std::string& member) const {
    if (!has_lines_) return padding_ + member + padding_;
    const std::string margin = margin_at(object.begin);
    return newline_ + margin + unit_ + member + newline_ + margin;
  }

  std::string member(const std::string& key, const std::string& value) const {
    return quoted(key) + colon_ + value;
  }

private:
  /// The white space at the beginning of the line of this offset.
  std::string margin_at(std::size_t offset) const {
    const std::string& text = json_.text();
    const auto begin = offset == 0 ? 0 : text.rfind('\n', offset - 1) + 1;  // npos + 1 is 0
    return text.substr(begin, text.find_first_not_of(" \t", begin) - begin);
  }

  const JsonText& json_;
  bool has_lines_ = true;
  std::string newline_ = "\n";
  std::string unit_ = "\t";   ///< one level of indentation
  std::string padding_;       ///< inside braces without lines
  std::string colon_ = ": ";  ///< between key and value
};

/// The objects that `object` of an `Edit` means.
std::vector<const JsonValue*> objects_named(const JsonText& json, const std::string& object) {
  if (object.empty()) return {&json.root()};
  std::vector<const JsonValue*> found;
  for (const auto& member : json.root().members) {
    if (is_field(member.key, object)) found.push_back(&member.value);
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
      const auto& found = members[index].key;
      if (object.empty() ? is_field(found, key) : found == key) return Position{*one, index};
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
    throw base::Error(base::Kind::config,
                      json.location(objects.empty() ? 0 : objects.back()->begin) + ": " + object +
                          " must be an object, { }",
                      "correct the file there; it was not changed");
  }
  const auto& target = *objects.back();
  const Layout layout{json};
  const auto member = layout.member(key, value);
  if (target.members.empty())
    return replacement(json, edit, target.begin + 1, target.end - 1, layout.first(target, member));
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
  const bool is_unchanged =
      member == nullptr ? !edit.now : edit.now && same_json(std::string{json.of(member->value)}, *edit.now);
  if (!is_unchanged) return std::nullopt;
  if (!edit.was) return remove_member(json, edit.object, edit.key);
  if (!edit.object.empty() && objects_named(json, edit.object).empty()) return std::nullopt;
  return set_member(json, edit.object, edit.key, *edit.was);
}

}  // namespace plugin::docker_config
