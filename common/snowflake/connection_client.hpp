// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "config/connection.hpp"
#include "net/curl_client.hpp"
#include "net/retry.hpp"

namespace snowflake {

/// The HTTP client of a connection. Uses the connection's proxy (`proxy_host`, `proxy_port`, `proxy_user`,
/// `proxy_password`, `no_proxy`), else the one in the environment, and stops retrying a request after the
/// connection's `network_timeout`, like the Python connector (`snowflake/PROTOCOL.md` 9.4).
class ConnectionClient final : public net::HttpClient {
public:
  /// Throws `config` when one of these keys is not valid.
  ConnectionClient(const config::Connection&, const base::Environment&, const base::Deadline&, base::Clock&);
  net::HttpResponse send(const net::HttpRequest& request) override { return retrying_.send(request); }

private:
  base::Environment environment_;
  net::CurlClient curl_;
  net::RetryingClient retrying_;
};

/// A hash of what a `ConnectionClient` depends on. Connections with the same key may share a client.
std::string client_key(const config::Connection&);

/// The environment with the connection's proxy (`net::proxy_of_connection`) in place of its own; unchanged
/// when the connection has no proxy. Throws `config` when only one of host and port is set.
base::Environment with_proxy_of(const config::Connection&, const base::Environment&);

}  // namespace snowflake
