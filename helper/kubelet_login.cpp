// SPDX-License-Identifier: Apache-2.0
#include "kubelet_login.hpp"

#include <unistd.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "config/account.hpp"
#include "net/crypto.hpp"
#include "net/curl_client.hpp"
#include "net/retry.hpp"
#include "snowflake/api.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "snowflake/auth/workload_identity/attestation.hpp"
#include "snowflake/login.hpp"
#include "token/login_lock.hpp"
#include "token/stores/keyring_store.hpp"
#include "token/stores/tiered_store.hpp"
#include "token/token_cache.hpp"

namespace helper {
namespace {

using base::Error;
using base::Kind;

constexpr std::chrono::milliseconds max_start_delay{2'000};

/// For what a login would leave for the next one: a node logs in with what it is given each time.
class NoStore final : public token::TokenStore {
public:
  std::string name() const override { return "nowhere"; }
  void check() override {}
  std::optional<base::Secret> load(const token::StoreKey&) override { return std::nullopt; }
  void save(const token::StoreKey&, const base::Secret&, base::TimePoint) override {}
  bool erase(const token::StoreKey&) override { return false; }
  std::vector<token::StoreKey> keys() override { return {}; }
};

/// Parts of a secret that a server's words repeat: whatever they share with it over ten bytes and more.
std::string without_parts_of(const base::Secret& secret, std::string text) {
  constexpr std::size_t shared = 10;
  const auto whole = secret.reveal();
  for (std::size_t at = 0; at + shared <= text.size(); ++at) {
    std::size_t size = shared;
    if (whole.find(std::string_view{text}.substr(at, size)) == std::string_view::npos) continue;
    while (at + size < text.size() &&
           whole.find(std::string_view{text}.substr(at, size + 1)) != std::string_view::npos)
      ++size;
    text.replace(at, size, "[removed]");
  }
  return text;
}

/// The error with the identity that it is about: an administrator reads it in a kubelet's log, far from the
/// pod.
Error described(const KubeletIdentity& identity, const Error& error) {
  std::string message = error.what();
  if (error.kind() == Kind::denied && !identity.who.empty())
    message = "Snowflake refused " + identity.who + ": " + message;
  const auto token = identity.connection.secret("token");
  return {error.kind(), without_parts_of(token, std::move(message)), without_parts_of(token, error.hint()),
          error.consequences()};
}

class Login {
public:
  Login(const KubeletIdentity& identity, const base::Environment& environment, const base::Deadline& deadline,
        base::Clock& clock)
      : connection_(identity.connection),
        account_(config::account_of(connection_)),
        environment_(environment),
        clock_(clock),
        wire_(environment, deadline),
        http_(wire_, clock, deadline, net::random_fraction) {
    if (identity.finds_cloud)
      connection_.fields.insert_or_assign("workload_identity_provider", base::Secret{find_cloud()});
  }

  snowflake::IssuedToken issue() {
    snowflake::Api api{http_, clock_, account_};
    const auto authenticator = snowflake::make_authenticator(context());
    auto session = snowflake::log_in(api, connection_, *authenticator, nullptr, clock_);
    snowflake::IssuedToken token;
    if (session.issue_registry_token(token) == snowflake::SessionStatus::done) return token;
    throw Error(Kind::denied, "Snowflake ends the session as soon as it is opened: " + api.last_refusal(),
                "check the session policies of the account");
  }

private:
  snowflake::AuthContext context() {
    return {connection_, account_, environment_, clock_, http_, {no_store_, {}, {}}, nullptr};
  }

  /// Whose metadata service answers.
  std::string find_cloud() {
    struct Cloud {
      const char* name;
      snowflake::Attestation (*attest)(const snowflake::AuthContext&);
    };
    constexpr std::array clouds = {Cloud{"AWS", &snowflake::attest_on_aws},
                                   Cloud{"AZURE", &snowflake::attest_on_azure},
                                   Cloud{"GCP", &snowflake::attest_on_gcp}};
    for (const auto& [name, attest] : clouds) {
      try {
        attest(context());
        return name;
      } catch (const Error&) {
        // Another cloud, or none.
      }
    }
    throw Error(
        Kind::config, "the request has no service account token, and no cloud vouches for this node",
        "give the provider's entry tokenAttributes, or name a connection by SNOWFLAKE_HOME in its env");
  }

  NoStore no_store_;
  config::Connection connection_;
  config::Account account_;
  const base::Environment& environment_;
  base::Clock& clock_;
  net::CurlClient wire_;
  net::RetryingClient http_;
};

std::unique_ptr<token::TieredStore> open_cache(base::Clock& clock) {
  std::vector<std::unique_ptr<token::TokenStore>> tiers;
  tiers.push_back(std::make_unique<token::KeyringStore>(clock));
  return std::make_unique<token::TieredStore>(std::move(tiers));
}

/// Where processes wait for each other: root's own folder first, since a kubelet has no XDG_RUNTIME_DIR.
token::LockLocations lock_locations(const base::Environment& environment, base::Clock& clock) {
  // What the system knows of root's home, and what is below /tmp, is not for a kubelet.
  if (geteuid() == 0 && !environment.non_empty("XDG_RUNTIME_DIR"))
    return {{"/run/docker-credential-snowflake"}, std::make_shared<token::KeyringStore>(clock)};
  return token::LockLocations::of(environment, clock);
}

/// How long to wait for another process, where a token is left that is valid for a while.
constexpr std::chrono::seconds wait_with_valid_token{5};

}  // namespace

token::RegistryToken kubelet_token(const KubeletIdentity& identity, const base::Environment& environment,
                                   const base::Deadline& deadline, base::Clock& clock) {
  token::Stores stores{open_cache(clock), open_cache(clock)};
  const token::TokenCache cache{stores};
  std::optional<token::RegistryToken> cached;
  const auto find_fresh = [&] {
    cached = cache.find(identity.key);
    return cached && cached->fresh_at(clock.now());
  };
  if (find_fresh()) return *cached;
  // Before the lock, not within: those who wait for it would wait for every delay before theirs.
  if (!cached)
    clock.sleep(std::chrono::milliseconds{
        static_cast<int>(net::random_fraction() * static_cast<double>(max_start_delay.count()))});
  const auto is_valid = [&] { return cached && cached->valid_at(clock.now()); };
  try {
    const std::string& subject = identity.key.detail;
    const token::LoginLock lock{lock_locations(environment, clock),
                                {identity.key, subject, subject},
                                is_valid() ? deadline.within(wait_with_valid_token) : deadline,
                                clock};
    if (find_fresh()) return *cached;
    lock.throw_if_refused();
    auto token = lock.run([&] {
      try {
        auto issued = Login{identity, environment, deadline, clock}.issue();
        return token::RegistryToken{std::move(issued.value), issued.issued_at, issued.expires_at,
                                    identity.connection.name, subject};
      } catch (const Error& error) {
        throw described(identity, error);
      }
    });
    cache.save(identity.key, token);
    return token;
  } catch (const Error& error) {
    if (error.consequences().transient && is_valid()) return *cached;
    throw;
  }
}

}  // namespace helper
