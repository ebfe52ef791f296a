// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "docker_config/json_text.hpp"

namespace docker_config {

/// One change to one member, known both by its name and by its bytes: taken back to the byte when nobody has
/// changed the text since, and by name when somebody has.
struct Edit {
  std::string
      object;  ///< the member of the outermost object whose member it is; empty for the outermost itself
  std::string key;
  std::optional<std::string> was;  ///< its value before as JSON text; absent when it was not there
  std::optional<std::string> now;
  std::size_t at = 0;  ///< where `removed` stood, and `added` stands
  std::string removed;
  std::string added;
};

/// The member that counts: of several the last one, also when `object` itself is there several times. Null
/// when there is none. `object` as in `Edit`; the outermost members are found in upper and lower case alike,
/// as Docker reads them.
const JsonMember* find_member(const JsonText&, const std::string& object, const std::string& key);

/// Gives a member `value` (JSON text), wherever it stands, else as the last one of `object`, which must be
/// there if it is named. Absent when it has just that value. Throws `config` with line and column when
/// `object` is something else than an object.
std::optional<Edit> set_member(const JsonText&, const std::string& object, const std::string& key,
                               const std::string& value);
/// Takes a member out; absent when there is none.
std::optional<Edit> remove_member(const JsonText&, const std::string& object, const std::string& key);

std::string apply(std::string text, const Edit&);
/// The text before `apply`, to the byte; absent when it is plain that `text` is not what came of it.
std::optional<std::string> revert(std::string text, const Edit&);
/// The change that undoes `edit` in a text that was changed elsewhere, too; absent when that member is not
/// any more what the edit made of it.
std::optional<Edit> inverse(const JsonText&, const Edit& edit);

}  // namespace docker_config
