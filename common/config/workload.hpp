// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace config {

/// Whether a variable says which job of a CI system, or which role of a cloud, a program runs as. Two that
/// differ in one may be different identities in Snowflake, though they use the same connection, as jobs do
/// that follow one another on a machine.
bool is_ci_identity_variable(std::string_view variable);

}  // namespace config
