// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "base/json.hpp"

namespace snowflake {

/// How long a token lives, out of a field that says so in seconds. A server may send anything: a number in
/// text is read, a life of zero or less stays what it is (over), more than `most` is cut, and a field that is
/// missing or makes no sense counts as one minute, because the token itself has just arrived.
std::chrono::seconds lifetime_at(const base::Json& data, std::string_view field, std::chrono::seconds most);

/// The same for what may be refused at any time and is then replaced: `usual` when the server says nothing.
std::chrono::seconds lifetime_at(const base::Json& data, std::string_view field, std::chrono::seconds most,
                                 std::chrono::seconds usual);

inline constexpr std::chrono::seconds max_token_life = std::chrono::hours{4};
inline constexpr std::chrono::seconds max_master_life = std::chrono::hours{24};

}  // namespace snowflake
