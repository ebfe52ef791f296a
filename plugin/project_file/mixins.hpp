// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "project_file/tree.hpp"

namespace project_file {

/// Lays the mixins that an entity of our type names under it (`snowflake/PROTOCOL.md` 10.6): mappings are
/// merged, lists get what they lack, everything else is the entity's. Throws `config` for a mixin that is not
/// there, for a key that our type does not have, and for values of different kinds.
void apply_mixins(const std::string& id, Node& entity, const Node& mixins);

}  // namespace project_file
