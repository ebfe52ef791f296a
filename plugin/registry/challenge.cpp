// SPDX-License-Identifier: Apache-2.0
#include "registry/challenge.hpp"

#include <optional>

#include "base/error.hpp"
#include "base/loopback.hpp"
#include "base/text.hpp"
#include "config/connection.hpp"
#include "net/url.hpp"

namespace plugin::registry {
namespace {

constexpr int port_of_https = 443;

/// The value of a parameter, quoted or not; empty when it is not there.
std::string parameter(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const auto equals = header.find('=');
    if (equals == std::string_view::npos) return {};
    const auto key = base::trim(header.substr(0, equals));
    header.remove_prefix(equals + 1);
    const bool is_quoted = header.starts_with('"');
    if (is_quoted) header.remove_prefix(1);
    const auto end = std::min(header.find(is_quoted ? '"' : ','), header.size());
    const std::string value{base::trim(header.substr(0, end))};
    header.remove_prefix(end);
    header.remove_prefix(std::min(header.find(','), header.size()));
    if (header.starts_with(',')) header.remove_prefix(1);
    if (base::equals_ignoring_case(key, name)) return value;
  }
  return {};
}

std::optional<net::UrlParts> address_in(const std::string& realm) {
  if (realm.find("://") == std::string::npos) return std::nullopt;
  try {
    return net::parse_url(realm);
  } catch (const base::Error&) {
    return std::nullopt;
  }
}

}  // namespace

Challenge Challenge::parse(std::string_view header) {
  constexpr std::string_view scheme = "bearer ";
  header = base::trim(header);
  if (!base::equals_ignoring_case(header.substr(0, scheme.size()), scheme)) return {};
  header.remove_prefix(scheme.size());
  return {parameter(header, "realm"), parameter(header, "service")};
}

std::string Challenge::bearer_url(const std::string& scope) const {
  std::string url = realm;
  for (const auto& [name, value] : {std::pair{"service", service}, std::pair{"scope", scope}}) {
    if (value.empty()) continue;
    url += url.find('?') == std::string::npos ? '?' : '&';
    url += std::string{name} + "=" + net::percent_encode(value);
  }
  return url;
}

bool Challenge::may_see_credential_for(const std::string& host) const {
  const auto asked = address_in(realm);
  const auto own = net::parse_url(origin_of(host));
  if (!asked || asked->scheme != own.scheme) return false;
  if (asked->host == own.host && asked->port == own.port) return true;
  return config::is_snowflake_host(own.host) && config::is_snowflake_host(asked->host) &&
         asked->port == port_of_https;
}

std::string origin_of(const std::string& host) {
  const bool is_here = base::is_loopback(net::parse_url("https://" + host).host);
  return (is_here ? "http://" : "https://") + host;
}

}  // namespace plugin::registry
