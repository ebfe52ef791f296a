// SPDX-License-Identifier: Apache-2.0
#include "doctor/checks.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "net/crypto.hpp"
#include "token/stores/keyring_store.hpp"
#include "token/stores/secret_service_store.hpp"

namespace plugin::doctor {
namespace {

using config::StoreChoice;

/// Stores a random secret, reads it and deletes it. Throws `keyring` when any of that fails.
void verify(token::TokenStore& store, base::Clock& clock) {
  const token::StoreKey key{"doctor", "docker-snowflake-doctor", "", net::random_uuid()};
  const base::Secret secret{net::random_uuid()};
  store.save(key, secret, clock.now() + std::chrono::minutes{1});
  const auto read = store.load(key);
  const bool erased = store.erase(key);
  if (!read || read->reveal() != secret.reveal())
    throw base::Error(base::Kind::keyring, "the " + store.name() + " does not return what was stored in it",
                      "restart it, or set store in the settings");
  if (!erased || store.load(key)) {
    throw base::Error(base::Kind::keyring, "the " + store.name() + " does not delete what was stored in it",
                      "restart it, or set store in the settings");
  }
}

Finding check_store(CheckContext& context, token::TokenStore& store, const std::string& how_long) {
  try {
    verify(store, context.clock);
  } catch (const base::Error& error) {
    return warning(error.what(), error.hint());
  }
  context.has_store = true;
  return ok("stored, read and deleted a secret; " + how_long);
}

bool has_session_bus(const base::Environment& environment) {
  if (environment.non_empty("DBUS_SESSION_BUS_ADDRESS")) return true;
  std::error_code ignored;
  const auto directory = environment.non_empty("XDG_RUNTIME_DIR");
  return directory && std::filesystem::exists(std::filesystem::path{*directory} / "bus", ignored);
}

}  // namespace

Finding check_kernel_keyring(CheckContext& context) {
  const auto selection = context.resolver.settings().store;
  if (selection != StoreChoice::automatic && selection != StoreChoice::keyring)
    return skipped("the settings do not use it");
  token::KeyringStore store{context.clock};
  return check_store(context, store, "secrets stay until this machine restarts");
}

Finding check_secret_service(CheckContext& context) {
  const auto selection = context.resolver.settings().store;
  if (selection != StoreChoice::automatic && selection != StoreChoice::secret_service)
    return skipped("the settings do not use it");
  if (selection == StoreChoice::automatic && !has_session_bus(context.environment))
    return skipped("there is no D-Bus session bus");
  token::SecretServiceStore store{context.environment, context.clock};
  return check_store(context, store, "secrets survive a restart");
}

Finding check_stored_credentials(CheckContext& context) {
  if (!context.has_store) {
    const bool is_wanted = context.resolver.settings().store == StoreChoice::none;
    return warning(is_wanted
                       ? "the settings store no tokens (store = \"none\"): every docker command logs in again"
                       : "no credential store works: every docker command logs in again",
                   is_wanted ? "remove store from " + context.resolver.settings().file.string()
                             : "use a key pair or a token, which can log in as often as needed");
  }
  if (!context.connection) return ok("a credential store works");
  std::vector<std::string> lifetimes;
  for (const auto& credential : context.wiring.session(*context.connection).cached())
    lifetimes.push_back(lifetime_of(credential, context.clock.now()));
  return ok(lifetimes.empty() ? "none yet" : base::join(lifetimes, ", "));
}

}  // namespace plugin::doctor
