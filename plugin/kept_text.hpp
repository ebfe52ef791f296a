// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "snowflake/auth/stored_credentials.hpp"
#include "snowflake/cached_credentials.hpp"

namespace plugin {

/// "registry token".
std::string kind_in_words(const std::string& kind);
/// "registry token: 59 minutes, in the kernel keyring and the Secret Service".
std::string in_words(const snowflake::CachedCredential&, base::TimePoint now);

}  // namespace plugin
