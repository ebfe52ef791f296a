// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "base/json.hpp"
#include "config/account.hpp"
#include "config/connection.hpp"
#include "net/http.hpp"

namespace snowflake {

/// What a way to sign in is given.
struct AuthContext {
  const config::Connection& connection;
  const config::Account& account;
  const base::Environment& environment;
  base::Clock& clock;
};

/// One way of proving who somebody is (`snowflake-protocol.md` 2.4).
class Authenticator {
public:
  virtual ~Authenticator() = default;
  /// Puts the proof into the `data` of a sign-in. Called anew for every attempt, so that nothing in it is
  /// stale. Throws `config` when the connection lacks something.
  virtual void add_to(base::Json& data) = 0;
  /// Whether a sign-in may be sent again when nobody knows what became of the first.
  virtual net::Repeat repeat() const = 0;
};

/// By the connection's `authenticator`. Throws `config`: 251007 for a name that nobody knows, and the
/// Snowflake CLI's sentence for a private key beside another authenticator.
std::unique_ptr<Authenticator> make_authenticator(const AuthContext&);

}  // namespace snowflake
