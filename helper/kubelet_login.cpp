// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/masking.hpp"
#include "config/account.hpp"
#include "config/connection.hpp"
#include "kubelet_identity.hpp"
#include "net/crypto.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "snowflake/auth/workload_identity/attestation.hpp"
#include "snowflake/connection_client.hpp"
#include "snowflake/registry_token.hpp"
#include "snowflake/session_cache.hpp"
#include "token/stores/keyring_store.hpp"
#include "token/stores/tiered_store.hpp"
#include "token/token_cache.hpp"

namespace helper {
namespace {

using base::Error;
using base::Kind;

constexpr std::chrono::milliseconds max_start_delay{2'000};

/// Stores registry tokens only. Sessions are neither saved nor found: one that root opened with
/// `docker snowflake login` may have another identity than the request.
class RegistryTokenStore final : public token::TokenStore {
public:
  explicit RegistryTokenStore(base::Clock& clock) : keyring_(clock) {}
  std::string name() const override { return keyring_.name(); }
  void check() override { keyring_.check(); }
  std::optional<base::Secret> load(const token::StoreKey& key) override {
    return is_token(key) ? keyring_.load(key) : std::nullopt;
  }
  void save(const token::StoreKey& key, const base::Secret& secret, base::TimePoint expires_at) override {
    if (is_token(key)) keyring_.save(key, secret, expires_at);
  }
  bool erase(const token::StoreKey& key) override { return is_token(key) && keyring_.erase(key); }
  std::vector<token::StoreKey> keys() override { return {}; }

private:
  static bool is_token(const token::StoreKey& key) { return key.kind == token::registry_token_kind; }

  token::KeyringStore keyring_;
};

/// Adds the identity to an error, because a kubelet's log does not show which pod it is about.
Error described(const KubeletIdentity& identity, const Error& error) {
  std::string message = error.what();
  if (error.kind() == Kind::denied && !identity.who.empty())
    message = "Snowflake refused " + identity.who + ": " + message;
  const auto token = identity.connection.secret("token");
  const auto clean = [&](std::string text) {
    constexpr std::size_t min_part = 10;
    return base::without_parts_of(token.reveal(), std::move(text), min_part, "[removed]");
  };
  auto next = error.next_step();
  next.text = clean(std::move(next.text));
  next.without_terminal = clean(std::move(next.without_terminal));
  return {error.kind(), clean(std::move(message)), std::move(next), error.consequences()};
}

/// The cloud whose metadata service answers.
std::string find_cloud(const snowflake::AuthContext& context) {
  struct Cloud {
    const char* name;
    snowflake::Attestation (*attest)(const snowflake::AuthContext&);
  };
  constexpr std::array clouds = {Cloud{"AWS", &snowflake::attest_on_aws},
                                 Cloud{"AZURE", &snowflake::attest_on_azure},
                                 Cloud{"GCP", &snowflake::attest_on_gcp}};
  for (const auto& [name, attest] : clouds) {
    try {
      attest(context);
      return name;
    } catch (const Error&) {
      // Another cloud, or none.
    }
  }
  throw Error(Kind::config,
              "the request has no service account token, and this node has no identity of AWS, Azure or GCP",
              "add tokenAttributes to the provider's entry, or set SNOWFLAKE_HOME in its env");
}

std::unique_ptr<token::TieredStore> open_cache(base::Clock& clock) {
  std::vector<std::unique_ptr<token::TokenStore>> tiers;
  tiers.push_back(std::make_unique<RegistryTokenStore>(clock));
  return std::make_unique<token::TieredStore>(std::move(tiers));
}

/// Where login locks are stored: for root, a directory in /run, since a kubelet has no XDG_RUNTIME_DIR.
token::LockLocations lock_locations(const base::Environment& environment, base::Clock& clock) {
  // Not the home directory in root's passwd entry, and nothing below /tmp.
  if (geteuid() == 0 && !environment.non_empty("XDG_RUNTIME_DIR"))
    return {{"/run/docker-credential-snowflake"}, std::make_shared<token::KeyringStore>(clock)};
  return token::LockLocations::of(environment, clock);
}

/// Spreads the logins of the nodes of a cluster that start at the same time. Must be called before taking the
/// login lock: otherwise, the processes that wait for it would also wait for the delays of the others.
void delay_at_random(base::Clock& clock) {
  clock.sleep(std::chrono::milliseconds{
      static_cast<int>(net::random_fraction() * static_cast<double>(max_start_delay.count()))});
}

token::RegistryToken token_of(const KubeletIdentity& identity, const base::Environment& environment,
                              const base::Deadline& deadline, base::Clock& clock) {
  token::Stores stores{open_cache(clock), open_cache(clock)};
  const auto cached = token::TokenCache{stores}.find(identity.key);
  if (cached && cached->fresh_at(clock.now())) return *cached;
  if (!cached) delay_at_random(clock);

  auto connection = identity.connection;
  snowflake::ConnectionClient http{connection, environment, deadline, clock};
  if (identity.source == IdentitySource::node && !connection.has("workload_identity_provider")) {
    const auto account = config::account_of(connection);
    try {
      const auto cloud =
          find_cloud({connection, account, environment, clock, http, {*stores.credentials, {}, {}}, nullptr});
      connection.fields.insert_or_assign("workload_identity_provider", base::Secret{cloud});
    } catch (const Error&) {
      if (cached && cached->valid_at(clock.now())) return *cached;
      throw;
    }
  }
  // Used as the configuration fingerprint, so that a remembered refusal applies to this identity only.
  const std::string& subject = identity.key.detail;
  snowflake::SessionCache session{snowflake::LoginIdentity{std::move(connection), environment, identity.key},
                                  {environment,
                                   clock,
                                   http,
                                   stores,
                                   lock_locations(environment, clock),
                                   {subject, subject},
                                   deadline,
                                   nullptr,
                                   [&identity](const Error& error) { return described(identity, error); }}};
  return snowflake::registry_token(session, nullptr);
}

}  // namespace

token::RegistryToken kubelet_token(const KubeletIdentity& identity, const base::Environment& environment,
                                   const base::Deadline& deadline, base::Clock& clock) {
  try {
    return token_of(identity, environment, deadline, clock);
  } catch (const Error& error) {
    throw with_advice_for_node(error, identity.source);
  }
}

}  // namespace helper
