// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "config/registry_resolver.hpp"
#include "net/http.hpp"
#include "net/request_log.hpp"
#include "snowflake/registry_token.hpp"
#include "snowflake/session_cache.hpp"
#include "token/stores/tiered_store.hpp"
#include "ui/prompter.hpp"

namespace plugin {

/// Puts together what commands need to talk to Snowflake: clock, HTTP, stores, and a user to ask. Nothing is
/// opened before it is needed.
class Wiring {
public:
  /// Everything must be done within `timeout`. `prompter` asks the user when a login needs it; may be null.
  Wiring(const base::Environment&, base::Clock&, config::RegistryResolver&, std::chrono::milliseconds timeout,
         ui::Prompter* prompter);

  /// The session of a connection. Sends nothing to Snowflake yet. Throws `config`.
  snowflake::SessionCache session(const config::Connection&);
  /// What `session` consists of.
  snowflake::SessionParts session_parts(const config::Connection&);
  /// A token for the registry of a connection. It is stored for the next `get` if `get` would log in the same
  /// way: the token of another user or role never replaces its own.
  token::RegistryToken registry_token(const config::Connection&,
                                      snowflake::Refresh = snowflake::Refresh::when_stale);
  /// The same for a token that leaves this program, `snowflake::checked_registry_token`.
  token::RegistryToken checked_registry_token(const config::Connection&);
  /// The host for which `get` logs in exactly as `connection` does; absent if there is none.
  std::optional<docker::RegistryHost> host_served_by(const config::Connection&);

  /// From now on, `log` gets every request.
  void record_requests(const net::RequestLog& log) { request_log_ = log; }
  const net::RequestLog& request_log() const noexcept { return request_log_; }

  /// A client with the proxy and the timeouts of a connection. Its requests share TLS connections. Valid
  /// as long as this object.
  net::HttpClient& http(const config::Connection&);
  /// The same, as a client of its own for another thread.
  std::unique_ptr<net::HttpClient> new_http(const config::Connection&) const;
  token::Stores& stores();
  /// The stores that the settings exclude, which may hold what was stored under other settings. Absent when
  /// they exclude none.
  std::optional<token::Stores> unused_stores() const;

private:
  const base::Environment& environment_;
  base::Clock& clock_;
  config::RegistryResolver& resolver_;
  base::Deadline deadline_;
  ui::Prompter* prompter_;
  std::optional<token::Stores> stores_;
  std::map<std::string, std::unique_ptr<net::HttpClient>> clients_;  ///< by `snowflake::client_key`
  net::RequestLog request_log_;
};

}  // namespace plugin
