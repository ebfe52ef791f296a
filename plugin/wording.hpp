// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/clock.hpp"
#include "snowflake/auth/stored_credentials.hpp"
#include "snowflake/cached_credentials.hpp"

namespace plugin {

/// "59 minutes", "3 hours 5 minutes", "40 seconds"; "over" for nothing left.
std::string in_words(std::chrono::seconds);

/// How long ago something happened, roughly: "5 minutes ago", "3 weeks ago"; "just now" for less than a
/// minute.
std::string age_in_words(std::chrono::seconds);

/// ISO 8601, in UTC.
std::string iso_time(base::TimePoint);

/// "registry token".
std::string kind_in_words(const std::string& kind);
/// "registry token: 59 minutes, in the kernel keyring and the Secret Service".
std::string in_words(const snowflake::CachedCredential&, base::TimePoint now);

}  // namespace plugin
