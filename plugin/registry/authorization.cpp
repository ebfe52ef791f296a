// SPDX-License-Identifier: Apache-2.0
#include "registry/authorization.hpp"

#include <memory>
#include <utility>

namespace plugin::registry {
std::string scope_of(const std::string& path, const std::string& actions) {
  return "repository:" + path + ":" + actions;
}

Access one_login_at_a_time(Access access) {
  access.credential = [mutex = std::make_shared<std::mutex>(),
                       credential = std::move(access.credential)](bool renew) {
    const std::lock_guard lock{*mutex};
    return credential(renew);
  };
  return access;
}

Authorization::Authorization(const base::Clock& clock, std::string host, std::string scopes, Access access)
    : clock_(clock), host_(std::move(host)), scopes_(std::move(scopes)), access_(std::move(access)) {}

base::Secret Authorization::current(net::HttpClient& http) {
  const std::lock_guard lock{mutex_};
  if (!bearer_.empty() && clock_.steady() < renew_at_) return bearer_;
  Client registry{http, host_};
  if (!challenge_) challenge_ = registry.challenge();
  const auto get_bearer = [&](const docker::Credential& credential) {
    renew_at_ = clock_.steady();
    auto bearer = registry.bearer(*challenge_, credential, scopes_);
    renew_at_ += bearer.lifetime * 4 / 5;
    bearer_ = std::move(bearer.authorization);
  };
  const bool is_renewed = std::exchange(renew_session_token_, false);
  auto credential = access_.credential(is_renewed);
  if (!login_.empty() && login_.reveal() != credential.secret.reveal()) login_renewed_at_ = clock_.now();
  try {
    get_bearer(credential);
  } catch (const CredentialRefused&) {
    if (is_renewed) throw;
    // The session behind a cached token may have ended.
    credential = access_.credential(true);
    get_bearer(credential);
  }
  login_ = std::move(credential.secret);
  return bearer_;
}

void Authorization::renew(const base::Secret& refused, bool session_token) {
  const std::lock_guard lock{mutex_};
  if (bearer_.reveal() != refused.reveal()) return;
  bearer_ = {};
  renew_session_token_ = renew_session_token_ || session_token;
}

std::optional<base::TimePoint> Authorization::login_renewed_at() const {
  const std::lock_guard lock{mutex_};
  return login_renewed_at_;
}

}  // namespace plugin::registry
