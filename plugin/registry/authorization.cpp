// SPDX-License-Identifier: Apache-2.0
#include "registry/authorization.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"
#include "net/crypto.hpp"
#include "net/url.hpp"
#include "registry/client.hpp"
#include "registry/retry_state.hpp"

namespace plugin::registry {
namespace {

using base::Error;
using base::Kind;

/// In seconds, unless the registry sends `expires_in` (distribution: token authentication).
constexpr std::int64_t default_lifetime = 60;
constexpr std::int64_t max_lifetime = 3600;

}  // namespace

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

base::Secret Authorization::current(net::HttpClient& client) {
  const std::lock_guard lock{mutex_};
  net::RecordedClient http{client, access_.log};
  if (bearer_.empty() || clock_.steady() >= renew_at_) {
    if (!challenge_) challenge_ = Client{http, host_}.challenge();
    const bool is_renewed = std::exchange(renew_session_token_, false);
    auto credential = access_.credential(is_renewed);
    if (!login_.empty() && login_.reveal() != credential.secret.reveal()) login_renewed_at_ = clock_.now();
    if (!get_bearer(http, credential, is_renewed)) {
      // The session behind a cached token may have ended.
      credential = access_.credential(true);
      get_bearer(http, credential, true);
    }
    login_ = std::move(credential.secret);
  }
  return bearer_;
}

bool Authorization::get_bearer(net::HttpClient& http, const docker::Credential& credential, bool is_renewed) {
  net::HttpRequest request;
  request.url = challenge_->bearer_url(scopes_);
  request.authorization = net::basic_authorization(credential.username, credential.secret.reveal());
  const auto sent_at = clock_.steady();
  const auto response = http.send(request);
  if (response.status == 401 && !is_renewed) return false;
  if (response.status == 401 || response.status == 403) {
    throw Error(
        Kind::denied, host_ + " does not accept the token that Snowflake issued: " + failure_text(response),
        "check that it is the registry of the connection's account; docker snowflake doctor finds out "
        "more");
  }
  throw_if_unavailable(host_, response);
  auto bearer = bearer_in(response, host_);
  if (!bearer) {
    throw net::NoAnswer(net::NoAnswer::Reason::final,
                        host_ + " gave no bearer token: " + failure_text(response),
                        "check the host, and whether a proxy or a VPN is in between");
  }
  bearer_ = *std::move(bearer);
  const auto json = base::parse_json(response.body.reveal()).value_or(base::Json{});
  const auto lifetime = base::whole_number_at(json, "expires_in").value_or(0);
  renew_at_ =
      sent_at +
      std::chrono::seconds{lifetime > 0 ? std::min(lifetime, max_lifetime) : default_lifetime} * 4 / 5;
  return true;
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
