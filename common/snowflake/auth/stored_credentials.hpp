// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "token/token_store.hpp"

namespace snowflake {

/// What a login leaves for the next one, so that no user need be asked again: id, MFA, access and refresh
/// tokens. They belong to a user of an account, whatever the connection. A store that fails counts as empty:
/// the user is asked again.
class StoredCredentials {
public:
  /// `host` with the port, unless that is 443.
  StoredCredentials(token::TokenStore& store, std::string host, std::string user)
      : store_(store), host_(std::move(host)), user_(std::move(user)) {}

  /// `detail` tells several of one kind apart.
  std::optional<base::Secret> load(const char* kind, const std::string& detail = {}) const;
  void save(const char* kind, const base::Secret& credential, base::TimePoint expires_at,
            const std::string& detail = {}) const;
  void erase(const char* kind, const std::string& detail = {}) const;

  /// Until when a credential lasts, by its record in the store. Absent when this version cannot read it.
  static std::optional<base::TimePoint> expiry_of(const base::Secret& record);

private:
  token::StoreKey key(const char* kind, const std::string& detail) const {
    return {kind, host_, user_, detail};
  }

  token::TokenStore& store_;
  std::string host_;
  std::string user_;
};

inline constexpr const char* mfa_token_kind = "mfa-token";
inline constexpr const char* id_token_kind = "id-token";
inline constexpr const char* access_token_kind = "oauth-access-token";
inline constexpr const char* refresh_token_kind = "oauth-refresh-token";

/// Whether secrets of this kind stand for a user at the next login.
inline bool stands_for_user(std::string_view kind) {
  return kind == mfa_token_kind || kind == id_token_kind || kind == access_token_kind ||
         kind == refresh_token_kind;
}

}  // namespace snowflake
