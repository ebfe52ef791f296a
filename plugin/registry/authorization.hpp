// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "docker/registry.hpp"
#include "net/http.hpp"
#include "net/request_log.hpp"
#include "registry/client.hpp"

namespace plugin::registry {

/// Returns a credential for the registry host. `renew`: the registry has just refused the previous one, so it
/// must have a new session token.
using CredentialSource = std::function<docker::Credential(bool renew)>;

/// How a command logs in to a registry, and where it reports what it does there.
struct Access {
  CredentialSource credential;
  net::RequestLog log = {};
  /// Called before each wait with the reason, as text for the user; from any thread.
  std::function<void(const std::string&)> on_wait = {};
  /// The next step after the registry has denied a push. Called once at most; may log in.
  std::function<std::string()> step_after_denial = {};
};

/// The same for use from several threads: one login at a time.
Access one_login_at_a_time(Access);

/// The scope for one image name; `actions` are separated by commas (distribution: token scope).
std::string scope_of(const std::string& path, const std::string& actions);

/// The bearer token for everything that one command does with a registry, however long that takes: it is
/// renewed before it expires, and when the registry refuses it. Safe to use from several threads, each with
/// an `HttpClient` of its own.
class Authorization {
public:
  /// `scopes` are separated by spaces (distribution: token scope).
  Authorization(const base::Clock&, std::string host, std::string scopes, Access);

  /// The value of the header Authorization. Renews the bearer token when less than a fifth of its lifetime is
  /// left. Throws like `Client::challenge` and `Client::bearer`.
  base::Secret current(net::HttpClient&);
  /// Renews the bearer token `refused`, which the registry did not accept, or whose connection broke. Does
  /// nothing if another thread has renewed it since. With `session_token`, the session token behind it is
  /// renewed, too.
  void renew(const base::Secret& refused, bool session_token);

  const std::string& host() const noexcept { return host_; }
  const Access& access() const noexcept { return access_; }
  /// When a login other than the first was used; absent as long as there was only one.
  std::optional<base::TimePoint> login_renewed_at() const;

private:
  const base::Clock& clock_;
  std::string host_;
  std::string scopes_;
  Access access_;
  mutable std::mutex mutex_;
  std::optional<Challenge> challenge_;
  base::Secret bearer_;  ///< the value of the header; empty when a new one is needed
  std::chrono::steady_clock::time_point renew_at_;
  bool renew_session_token_ = false;
  base::Secret login_;  ///< of the last credential
  std::optional<base::TimePoint> login_renewed_at_;
};

}  // namespace plugin::registry
