// SPDX-License-Identifier: Apache-2.0
#include "snowflake/auth/stored_credentials.hpp"

#include "base/json.hpp"

namespace snowflake {

std::optional<base::Secret> StoredCredentials::load(const char* kind, const std::string& detail) const {
  const auto record = store_.load(key(kind, detail));
  const auto credential =
      record ? base::text_at(base::parse_json(record->reveal()).value_or(nullptr), "proof") : std::nullopt;
  return credential ? std::optional{base::Secret{*credential}} : std::nullopt;
}

void StoredCredentials::save(const char* kind, const base::Secret& credential, base::TimePoint expires_at,
                             const std::string& detail) const {
  const base::Json record = {{"proof", credential.reveal()},
                             {"expires_at", expires_at.time_since_epoch().count()}};
  store_.save(key(kind, detail), base::Secret{base::dump_json(record)}, expires_at);
}

void StoredCredentials::erase(const char* kind, const std::string& detail) const {
  try {
    store_.erase(key(kind, detail));
  } catch (const base::Error&) {
    // Then the stored credential is refused again, and the user is asked.
  }
}

std::optional<base::TimePoint> StoredCredentials::expiry_of(const base::Secret& record) {
  return base::time_at(base::parse_json(record.reveal()).value_or(nullptr), "expires_at");
}

}  // namespace snowflake
