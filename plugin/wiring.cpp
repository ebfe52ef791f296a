// SPDX-License-Identifier: Apache-2.0
#include "wiring.hpp"

#include "base/error.hpp"
#include "snowflake/connection_client.hpp"

namespace plugin {

Wiring::Wiring(const base::Environment& environment, base::Clock& clock, config::RegistryResolver& resolver,
               std::chrono::milliseconds timeout, ui::Prompter* prompter)
    : environment_(environment),
      clock_(clock),
      resolver_(resolver),
      deadline_(clock, timeout),
      prompter_(prompter) {}

token::Stores& Wiring::stores() {
  if (!stores_) {
    const auto& settings = resolver_.settings();
    stores_ = token::open_stores({settings.uses_kernel_keyring(), settings.uses_secret_service()},
                                 environment_, clock_);
  }
  return *stores_;
}

net::HttpClient& Wiring::http(const config::Connection& connection) {
  auto& client = clients_[snowflake::client_key(connection)];
  if (!client) client = new_http(connection);
  return *client;
}

std::unique_ptr<net::HttpClient> Wiring::new_http(const config::Connection& connection) const {
  return request_log_.recorded(
      std::make_unique<snowflake::ConnectionClient>(connection, environment_, deadline_, clock_));
}

std::optional<token::Stores> Wiring::unused_stores() const {
  const auto& settings = resolver_.settings();
  if (settings.uses_kernel_keyring() && settings.uses_secret_service()) return std::nullopt;
  return token::open_stores({!settings.uses_kernel_keyring(), !settings.uses_secret_service()}, environment_,
                            clock_);
}

snowflake::SessionParts Wiring::session_parts(const config::Connection& connection) {
  return {environment_,
          clock_,
          http(connection),
          stores(),
          token::LockLocations::of(environment_, clock_),
          config::fingerprint(environment_, resolver_.paths()),
          deadline_,
          prompter_};
}

snowflake::SessionCache Wiring::session(const config::Connection& connection) {
  return {connection, session_parts(connection)};
}

std::optional<docker::RegistryHost> Wiring::host_served_by(const config::Connection& connection) {
  try {
    const auto host = resolver_.registry_of(connection);
    const snowflake::LoginIdentity login_of_docker{resolver_.connection_for(host), environment_};
    if (login_of_docker.key == snowflake::LoginIdentity{connection, environment_}.key) return host;
  } catch (const base::Error&) {
    // It is not known which host that is.
  }
  return std::nullopt;
}

token::RegistryToken Wiring::registry_token(const config::Connection& connection,
                                            snowflake::Refresh refresh) {
  const auto host = host_served_by(connection);
  auto session_cache = session(connection);
  return snowflake::registry_token(session_cache, host ? &*host : nullptr, refresh);
}

token::RegistryToken Wiring::checked_registry_token(const config::Connection& connection) {
  const auto host = host_served_by(connection);
  auto session_cache = session(connection);
  return snowflake::checked_registry_token(session_cache, host ? &*host : nullptr);
}

}  // namespace plugin
