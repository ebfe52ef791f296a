// SPDX-License-Identifier: Apache-2.0
#include "snowflake/connection_client.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "net/crypto.hpp"
#include "net/proxy_choice.hpp"
#include "net/url.hpp"

namespace snowflake {
namespace {

/// A TOML list is JSON here; a string is already separated by commas.
std::string comma_separated(const std::string& value) {
  const auto list = base::parse_json(value);
  if (!list || !list->is_array()) return value;
  std::vector<std::string> hosts;
  for (const auto& host : *list) {
    if (host.is_string()) hosts.push_back(host.get<std::string>());
  }
  return base::join(hosts, ",");
}

/// The connector also accepts `proxy_host` with a scheme, but always uses plain HTTP to the proxy.
std::string without_scheme(std::string host) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (host.starts_with(scheme)) host.erase(0, scheme.size());
  }
  while (host.ends_with('/')) host.pop_back();
  return host;
}

}  // namespace

base::Environment with_proxy_of(const config::Connection& connection, const base::Environment& environment) {
  const std::string host = without_scheme(connection.text("proxy_host"));
  const std::string port = connection.text("proxy_port");
  if (host.empty() && port.empty()) return environment;
  if (host.empty() || port.empty()) {
    throw base::Error(base::Kind::config,
                      "the connection has " + std::string{host.empty() ? "proxy_port" : "proxy_host"} +
                          " without " + (host.empty() ? "proxy_host" : "proxy_port"),
                      "set both, or remove them and set https_proxy");
  }
  std::string credential;
  if (const std::string user{connection.secret("proxy_user").reveal()}; !user.empty()) {
    credential = net::percent_encode(user) + ":" +
                 net::percent_encode(connection.secret("proxy_password").reveal()) + "@";
  }
  auto variables = environment.all();
  for (const char* name : {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}) variables.erase(name);
  variables.insert_or_assign(net::proxy_of_connection, "http://" + credential + host + ":" + port);
  if (connection.has("no_proxy")) {
    variables.erase("NO_PROXY");
    variables.insert_or_assign("no_proxy", comma_separated(connection.text("no_proxy")));
  }
  return environment.with(std::move(variables));
}

std::string client_key(const config::Connection& connection) {
  base::Fingerprint key;
  for (const char* name : {"proxy_host", "proxy_port", "no_proxy", "network_timeout"})
    key.add(connection.text(name));
  for (const char* name : {"proxy_user", "proxy_password"}) key.add(connection.secret(name).reveal());
  return key.hex();
}

ConnectionClient::ConnectionClient(const config::Connection& connection, const base::Environment& environment,
                                   const base::Deadline& deadline, base::Clock& clock)
    : environment_(with_proxy_of(connection, environment)),
      curl_(environment_, deadline),
      retrying_(curl_, clock, deadline, net::random_fraction, connection.seconds("network_timeout")) {}

}  // namespace snowflake
