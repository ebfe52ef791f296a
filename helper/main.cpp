// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/interruption.hpp"
#include "base/program.hpp"
#include "config/connection_keys.hpp"
#include "config/registry_resolver.hpp"
#include "docker/registry.hpp"
#include "helper.hpp"
#include "kubelet_commands.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "snowflake/connection_client.hpp"
#include "snowflake/registry_token.hpp"
#include "snowflake/session_cache.hpp"
#include "token/stores/keyring_store.hpp"
#include "token/stores/tiered_store.hpp"
#include "token/token_cache.hpp"
#include "ui/terminal_prompter.hpp"
#include "ui/tty.hpp"

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

/// Connects the parts that the credential helper needs when no token is ready: HTTP, stores, and a prompter
/// if the settings allow prompting. Nothing is opened before it is needed.
class Wiring {
public:
  Wiring(const base::Environment&, base::Clock&, config::RegistryResolver&, config::ConfigFingerprint);

  /// A registry token for a host. Throws `base::Error`.
  token::RegistryToken token_for(const docker::RegistryHost&);
  /// Erases the token of a host from every store; the session that it came from stays. Throws `keyring`, and
  /// everything that `RegistryResolver::connection_for` throws.
  void forget(const docker::RegistryHost&);

private:
  snowflake::SessionCache session_of(config::Connection);
  token::Stores& stores();

  const base::Environment& environment_;
  base::Clock& clock_;
  config::RegistryResolver& resolver_;
  config::ConfigFingerprint config_fingerprint_;
  base::Deadline deadline_;
  ui::TerminalPrompter terminal_;
  std::optional<token::Stores> stores_;
  std::optional<snowflake::ConnectionClient> http_;
};

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
  if (resolver_.settings().helper_may_prompt && snowflake::may_be_interactive(connection) && ui::has_tty()) {
    base::handle_interruptions();
    end_after(limit_with_user);
    prompter = &terminal_;
    // Before it is copied below.
    deadline_ = base::Deadline{clock_, timeout_with_user};
  }
  http_.emplace(connection, environment_, deadline_, clock_);
  return {std::move(connection),
          {environment_, clock_, *http_, stores(), token::LockLocations::of(environment_, clock_),
           config_fingerprint_, deadline_, prompter}};
}

token::RegistryToken Wiring::token_for(const docker::RegistryHost& host) {
  end_after(limit_without_user);
  auto session = session_of(resolver_.connection_for(host));
  return snowflake::registry_token(session, &host);
}

void Wiring::forget(const docker::RegistryHost& host) {
  end_after(limit_without_user);
  token::TokenCache{stores()}.forget(host);
  snowflake::forget_registry_token(session_of(resolver_.connection_for(host)));
}

/// Writes the answer; returns the exit code.
int print(const helper::Answer& answer) {
  const bool is_written = base::write_answer("docker-credential-snowflake", answer.out.reveal());
  base::write_standard_error(answer.err);
  return is_written ? answer.status : 1;
}

}  // namespace

int main(int argc, char** argv) {
  base::prepare_program();
  const std::vector<std::string_view> arguments{argv + std::min(argc, 1), argv + argc};
  if (const auto status = helper::run_kubelet_command(argc > 0 ? argv[0] : "", arguments)) return *status;
  try {
    const auto environment = base::Environment::of_process(&config::is_hidden_from_children);
    base::SystemClock clock;
    token::KeyringStore ready{clock};
    config::RegistryResolver resolver{environment};
    const auto fingerprint = config::fingerprint(environment, resolver.paths());
    Wiring wiring{environment, clock, resolver, fingerprint};
    helper::Dependencies dependencies{
        fingerprint.value,
        ready,
        resolver,
        clock,
        [&](const docker::RegistryHost& host) { return wiring.token_for(host); },
        [&](const docker::RegistryHost& host) { wiring.forget(host); }};
    const auto read_input = [] { return base::read_standard_input(helper::max_input); };
    return print(helper::answer(arguments, read_input, dependencies));
  } catch (const base::Error& error) {
    return print(helper::report(error));
  } catch (const base::Interrupted&) {
    return 130;
  } catch (const std::bad_alloc&) {
    return print(
        helper::report({base::Kind::network, "an answer is too large for the memory of this machine"}));
  } catch (const std::exception& error) {
    return print(helper::report({base::Kind::internal, error.what()}));
  }
}
