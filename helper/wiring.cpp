// SPDX-License-Identifier: Apache-2.0
#include "wiring.hpp"

#include "base/error.hpp"
#include "base/interruption.hpp"
#include "base/program.hpp"
#include "snowflake/auth/requirements.hpp"

namespace helper {
namespace {

/// Docker itself has no timeout, but some callers give up after 30 seconds (`docker/PROTOCOL.md` 1.3).
constexpr std::chrono::seconds limit_without_user{25};
/// Shorter than the limit, so that a timeout normally has a specific error message.
constexpr std::chrono::milliseconds timeout_without_user =
    limit_without_user - std::chrono::milliseconds{500};
/// When the helper may prompt the user.
constexpr std::chrono::minutes limit_with_user{10};
constexpr std::chrono::milliseconds timeout_with_user = limit_with_user - std::chrono::milliseconds{500};

/// Ends the helper when a library or DNS hangs.
void end_after(std::chrono::milliseconds max) {
  base::end_program_after(
      max,
      "Snowflake did not answer in time. Next: check the network, DNS and VPN, and try again "
      "(credentials not found in native keychain)\n",
      "docker-credential-snowflake: Snowflake did not answer in time\n"
      "docker-credential-snowflake: next: check the network, DNS and VPN, and try again\n",
      1);
}

}  // namespace

Wiring::Wiring(const base::Environment& environment, base::Clock& clock, config::RegistryResolver& resolver,
               config::ConfigFingerprint config_fingerprint)
    : environment_(environment),
      clock_(clock),
      resolver_(resolver),
      config_fingerprint_(std::move(config_fingerprint)),
      deadline_(clock, timeout_without_user),
      terminal_(environment) {}

token::Stores& Wiring::stores() {
  if (!stores_) {
    const auto& settings = resolver_.settings();
    stores_ = token::open_stores({settings.uses_kernel_keyring(), settings.uses_secret_service()},
                                 environment_, clock_);
  }
  return *stores_;
}

snowflake::SessionCache Wiring::session_of(config::Connection connection) {
  ui::Prompter* prompter = nullptr;
  if (resolver_.settings().helper_may_ask && snowflake::may_be_interactive(connection) &&
      ui::Terminal::is_there()) {
    base::note_interruptions();
    end_after(limit_with_user);
    prompter = &terminal_;
    // Replaced before it is copied below.
    deadline_ = base::Deadline{clock_, timeout_with_user};
  }
  http_.emplace(connection, environment_, deadline_, clock_);
  return {std::move(connection),
          {environment_, clock_, *http_, stores(), token::LockLocations::of(environment_, clock_),
           config_fingerprint_, deadline_, prompter}};
}

token::RegistryToken Wiring::token_for(const docker::RegistryHost& host) {
  end_after(limit_without_user);
  return session_of(resolver_.connection_for(host)).registry_token(&host);
}

void Wiring::forget(const docker::RegistryHost& host) {
  end_after(limit_without_user);
  token::TokenCache{stores()}.forget(host);
  session_of(resolver_.connection_for(host)).forget_registry_token();
}

}  // namespace helper
