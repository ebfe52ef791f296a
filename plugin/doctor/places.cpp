// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"
#include "base/text.hpp"
#include "doctor/checks.hpp"
#include "net/crypto.hpp"
#include "time_text.hpp"
#include "token/stores/keyring_store.hpp"
#include "token/stores/secret_service_store.hpp"

namespace plugin::doctor {
namespace {

using config::StoreChoice;

/// Writes something nobody knows, reads it, and deletes it. Throws `keyring` when any of that fails.
void prove(token::TokenStore& store, base::Clock& clock) {
  const token::StoreKey key{"doctor", "docker-snowflake-doctor", "", net::random_uuid()};
  const base::Secret secret{net::random_uuid()};
  store.save(key, secret, clock.now() + std::chrono::minutes{1});
  const auto read = store.load(key);
  const bool erased = store.erase(key);
  if (!read || read->reveal() != secret.reveal())
    throw base::Error(base::Kind::keyring, "the " + store.name() + " does not give back what was put into it",
                      "restart it, or set store in the settings");
  if (!erased || store.load(key)) {
    throw base::Error(base::Kind::keyring, "the " + store.name() + " does not delete what was put into it",
                      "restart it, or set store in the settings");
  }
}

Finding look_at_place(Examination& examination, token::TokenStore& store, const std::string& what_for) {
  try {
    prove(store, examination.context.clock);
  } catch (const base::Error& error) {
    return odd(error.what(), error.hint());
  }
  examination.is_kept = true;
  return good("wrote, read and deleted a secret; " + what_for);
}

bool has_session_bus(const base::Environment& environment) {
  if (environment.non_empty("DBUS_SESSION_BUS_ADDRESS")) return true;
  std::error_code ignored;
  const auto folder = environment.non_empty("XDG_RUNTIME_DIR");
  return folder && std::filesystem::exists(std::filesystem::path{*folder} / "bus", ignored);
}

}  // namespace

Finding look_at_kernel_keyring(Examination& examination) {
  const auto selection = examination.context.resolver.settings().store;
  if (selection != StoreChoice::automatic && selection != StoreChoice::keyring)
    return skipped("the settings do not use it");
  token::KeyringStore store{examination.context.clock};
  return look_at_place(examination, store, "it keeps them until this machine stops");
}

Finding look_at_secret_service(Examination& examination) {
  const auto selection = examination.context.resolver.settings().store;
  if (selection != StoreChoice::automatic && selection != StoreChoice::secret_service)
    return skipped("the settings do not use it");
  if (selection == StoreChoice::automatic && !has_session_bus(examination.context.environment))
    return skipped("this session has no desktop, so it is not used");
  token::SecretServiceStore store{examination.context.environment, examination.context.clock};
  return look_at_place(examination, store, "it keeps them over a reboot");
}

Finding look_at_what_is_kept(Examination& examination) {
  if (!examination.is_kept) {
    const bool is_wanted = examination.context.resolver.settings().store == StoreChoice::none;
    return odd(is_wanted
                   ? "the settings keep no secrets (store = \"none\"): every docker command signs in anew"
                   : "no place keeps secrets here: every docker command signs in anew",
               is_wanted ? "take store out of " + examination.context.resolver.settings().file.string()
                         : "use a key pair or a token, which can sign in as often as it takes");
  }
  if (!examination.connection) return good("there is a place for them");
  std::vector<std::string> words;
  for (const auto& [kind, stores, expires_at] : examination.wiring.session(*examination.connection).cached())
    words.push_back(kind + ": " + in_words(expires_at - examination.context.clock.now()));
  return good(words.empty() ? "nothing yet" : base::join(words, ", "));
}

}  // namespace plugin::doctor
