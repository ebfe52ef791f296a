// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "token/token_store.hpp"

namespace snowflake {

/// The credentials that a login stores so that the next login need not ask the user: id, MFA, access and
/// refresh tokens. They belong to a user of an account and are shared by all connections. A store that fails
/// counts as empty: the user is asked again.
class StoredCredentials {
public:
  /// `host` with the port, unless that is 443.
  StoredCredentials(token::TokenStore& store, std::string host, std::string user)
      : store_(store), host_(std::move(host)), user_(std::move(user)) {}

  /// `detail` distinguishes several credentials of one kind.
  std::optional<base::Secret> load(const char* kind, const std::string& detail = {}) const;
  void save(const char* kind, const base::Secret& credential, base::TimePoint expires_at,
            const std::string& detail = {}) const;
  void erase(const char* kind, const std::string& detail = {}) const;

  /// The expiry time in a stored record. Absent when this version cannot read it.
  static std::optional<base::TimePoint> expiry_of(const base::Secret& record);

private:
  token::StoreKey key(const char* kind, const std::string& detail) const {
    return {kind, host_, user_, detail};
  }

  token::TokenStore& store_;
  std::string host_;
  std::string user_;
};

/// The kinds of stored credentials.
inline constexpr const char* mfa_token_kind = "mfa-token";
inline constexpr const char* id_token_kind = "id-token";
inline constexpr const char* access_token_kind = "oauth-access-token";
inline constexpr const char* refresh_token_kind = "oauth-refresh-token";

/// Whether secrets of this kind are stored by this class.
inline bool is_login_credential(std::string_view kind) {
  return kind == mfa_token_kind || kind == id_token_kind || kind == access_token_kind ||
         kind == refresh_token_kind;
}

}  // namespace snowflake
