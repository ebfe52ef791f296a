// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "docker_config/json_text.hpp"

namespace plugin::docker_config {

/// A change to one member. Its bytes undo it exactly while the text is unchanged; its name and values undo it
/// when the text has changed elsewhere.
struct Edit {
  std::string object;  ///< the member of the outermost object that contains it; empty when that itself does
  std::string key;
  std::optional<std::string> was;  ///< the old value as JSON; absent when there was none
  std::optional<std::string> now;  ///< the new value as JSON; absent when the member was removed
  std::size_t at = 0;              ///< the offset of `removed` before the change and of `added` after it
  std::string removed;
  std::string added;
};

/// The last member of that name, also when `object` occurs several times. Null when there is none. `object`
/// is as in `Edit`. Case is ignored in the outermost object only, as Docker does.
const JsonMember* find_member(const JsonText&, const std::string& object, const std::string& key);

/// Changes the value of a member to `value` (JSON), or adds the member at the end of `object`, which must
/// exist if it is named, indented like its neighbors. Absent when it has that value already. Throws `config`
/// with line and column when `object` is not an object.
std::optional<Edit> set_member(const JsonText&, const std::string& object, const std::string& key,
                               const std::string& value);
/// Removes a member; absent when there is none.
std::optional<Edit> remove_member(const JsonText&, const std::string& object, const std::string& key);

std::string apply(std::string text, const Edit&);
/// The exact text before `apply`; absent when `text` is not its result.
std::optional<std::string> revert(std::string text, const Edit&);
/// The edit that undoes `edit` in a text that has changed elsewhere; absent when the member no longer has the
/// value that `edit` gave it.
std::optional<Edit> inverse(const JsonText&, const Edit& edit);

}  // namespace plugin::docker_config
