// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "docker/registry_host.hpp"
#include "token/registry_token.hpp"
#include "token/sign_in_turn.hpp"
#include "token/token_store.hpp"

namespace token {

/// A registry token that is kept in front, ready to be handed out: fresh, and from the same files and
/// variables as are there now. This is the whole of a cached `get`; it opens no file and takes no lock.
std::optional<RegistryToken> find_ready_token(const docker::RegistryHost&, const std::string& sources,
                                              TokenStore& front, base::TimePoint now);

/// Whose token is wanted, and from where.
struct TokenRequest {
  const docker::RegistryHost& host;
  StoreKey key;         ///< of the token among what is kept of its sign-in
  std::string sources;  ///< fingerprint of the files and variables as they are now
  bool anew =
      false;  ///< a person asks: whatever token is kept, and a refusal that is remembered, count for nothing
  bool serves_host = true;  ///< it is what the next `get` for the host is to find in front
};

/// Where tokens rest, and where processes wait for each other.
struct TokenPlaces {
  TokenStore& front;              ///< by registry host, for the next `get`
  TokenStore& kept;               ///< beside the session that the token came from
  std::filesystem::path runtime;  ///< locks and remembered refusals
};

/// Asks Snowflake for a new token, within its turn. Throws what went wrong.
using IssueToken = std::function<RegistryToken(const SignInTurn&)>;

/// A fresh token: kept, else locked, else kept by whoever held the lock, else issued. However many processes
/// call at once, one issues and the others get its token.
///
/// When Snowflake cannot be reached, or somebody else takes long over a sign-in, a token that is past half of
/// its life but still valid is handed out. Throws `base::Error` of every kind.
RegistryToken get_token(const TokenRequest&, const TokenPlaces&, const IssueToken&, const base::Deadline&,
                        base::Clock&);

/// The key of a host's token in front.
StoreKey front_key(const docker::RegistryHost&);

}  // namespace token
