// SPDX-License-Identifier: Apache-2.0
#include "net/proxy_choice.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "base/error.hpp"
#include "base/local_address.hpp"
#include "base/text.hpp"

namespace net {
namespace {

bool bypasses_proxies(const std::string& host) {
  return base::is_loopback(host) || base::is_metadata_service(host);
}

std::string_view without_brackets(std::string_view host) {
  return host.starts_with('[') && host.ends_with(']') ? host.substr(1, host.size() - 2) : host;
}

/// The bytes of an IPv4 or IPv6 address; empty for anything else.
std::string address_bytes(std::string_view host) {
  const std::string text{without_brackets(host)};
  std::string bytes(16, '\0');
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return bytes;
  bytes.resize(4);
  return inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ? bytes : std::string{};
}

/// `10.0.0.0/8`
bool is_in_network(std::string_view host, std::string_view network) {
  const auto slash = network.find('/');
  if (slash == std::string_view::npos) return false;
  const auto digits = network.substr(slash + 1);
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  const std::string left = address_bytes(host);
  const std::string right = address_bytes(network.substr(0, slash));
  if (error != std::errc{} || end != digits.data() + digits.size() || left.empty() ||
      left.size() != right.size() || bits > left.size() * 8)
    return false;
  for (std::size_t i = 0; i < bits; ++i) {
    const auto bit = 0x80U >> (i % 8);
    if ((static_cast<unsigned char>(left[i / 8]) & bit) != (static_cast<unsigned char>(right[i / 8]) & bit))
      return false;
  }
  return true;
}

/// Whether an entry of no_proxy, in lower case, matches a server.
bool matches(std::string_view entry, const UrlParts& server) {
  if (entry.empty()) return false;
  if (entry == "*" || is_in_network(server.host, entry)) return true;
  // The colons of an IPv6 address do not begin a port.
  const auto colon = entry.rfind(':');
  const bool has_port =
      colon != std::string_view::npos && (entry.find(':') == colon || entry[colon - 1] == ']');
  if (has_port && entry.substr(colon + 1) != std::to_string(server.port)) return false;
  if (has_port) entry = entry.substr(0, colon);
  if (const auto address = address_bytes(entry); !address.empty())
    return address == address_bytes(server.host);
  if (entry.starts_with("*.")) entry.remove_prefix(1);
  if (entry.starts_with('.')) return server.host.ends_with(entry);
  return server.host == entry || server.host.ends_with("." + std::string{entry});
}

std::string_view after_scheme(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  return url;
}

/// User and password, including the `@` after them.
std::string_view login_of(std::string_view url) {
  const auto rest = after_scheme(url);
  return rest.substr(0, rest.rfind('@') + 1);  // npos + 1 is 0
}

/// `host:port` of a proxy's URL.
std::string_view authority_of(std::string_view url) {
  auto rest = after_scheme(url);
  rest.remove_prefix(login_of(url).size());
  return rest.substr(0, rest.find('/'));
}

/// Where a host is missing, the password would be taken for the port, and errors would show it.
void require_port_number(std::string_view url, const std::string& variable) {
  const auto authority = authority_of(url);
  const auto port = authority.find_last_of(":]");
  if (port == std::string_view::npos || authority[port] == ']' ||
      authority.find_first_not_of("0123456789", port + 1) == std::string_view::npos)
    return;
  throw base::Error(base::Kind::config, "the port of the proxy in " + variable + " is not a number",
                    "write http://<host>:<port>, or http://<user>:<password>@<host>:<port>");
}

/// libcurl ignores a proxy that contains these, and would send the request without a proxy.
void require_no_control_characters(std::string_view value, const std::string& variable) {
  for (std::size_t at = 0; at < value.size(); ++at) {
    const auto byte = static_cast<unsigned char>(value[at]);
    const bool is_encoded =
        byte == '%' && at + 1 < value.size() && (value[at + 1] == '0' || value[at + 1] == '1');
    if (byte >= ' ' && byte != 0x7f && !is_encoded) continue;
    throw base::Error(base::Kind::config, "the proxy in " + variable + " has a control character",
                      "remove it; a password that was read from a file may end with a newline");
  }
}

}  // namespace

bool ProxyChoice::applies_to(const UrlParts& server) const {
  if (url.empty()) return false;
  std::string list = base::to_lower(no_proxy);
  std::ranges::replace(list, ' ', ',');
  const auto entries = base::split(list, ',');
  return std::ranges::none_of(entries, [&](const std::string& entry) { return matches(entry, server); });
}

std::string ProxyChoice::host_and_port() const { return base::printable(authority_of(url), 200); }

bool ProxyChoice::has_unencoded_login() const {
  return login_of(url).find_first_of("/?#") != std::string_view::npos;
}

std::string ProxyChoice::without_login(std::string text) const {
  const auto login = login_of(url);
  if (login.empty()) return text;
  for (auto found = text.find(login); found != std::string::npos; found = text.find(login, found))
    text.erase(found, login.size());
  return text;
}

ProxyChoice proxy_for(const base::Environment& environment, const UrlParts& url) {
  if (bypasses_proxies(url.host)) return {};
  const bool is_https = url.scheme == "https";
  // Not HTTP_PROXY: in a CGI program, a request header could have set it (CVE-2016-5385).
  for (const char* name : {proxy_of_connection, is_https ? "https_proxy" : "http_proxy",
                           is_https ? "HTTPS_PROXY" : "all_proxy", "all_proxy", "ALL_PROXY"}) {
    auto value = environment.non_empty(name);
    if (!value) continue;
    require_no_control_characters(*value, name);
    require_port_number(*value, name);
    return {std::move(*value), name, environment.first_of({"no_proxy", "NO_PROXY"}).value_or("")};
  }
  return {};
}

}  // namespace net
