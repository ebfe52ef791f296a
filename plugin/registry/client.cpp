// SPDX-License-Identifier: Apache-2.0
#include "registry/client.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

#include "base/json.hpp"
#include "base/local_address.hpp"
#include "base/text.hpp"
#include "config/account.hpp"
#include "config/connection.hpp"
#include "net/crypto.hpp"
#include "net/url.hpp"
#include "registry/reply.hpp"
#include "registry/tag_list.hpp"

namespace plugin::registry {
namespace {

using base::Error;
using base::Kind;

/// Servers accept headers of 8 to 64 KiB.
constexpr std::size_t max_bearer = 64U << 10;
/// In seconds, unless the registry sends `expires_in` (distribution: token authentication).
constexpr std::int64_t default_lifetime = 60;
constexpr std::int64_t max_lifetime = 3600;
constexpr int https_port = 443;

/// The value of a parameter, quoted or not; empty when there is none.
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

/// The bearer token in the response of `host` (`docker/PROTOCOL.md` 4.1). Throws a final `NoAnswer` when it
/// has none, or one that no request can carry.
Bearer bearer_in(const net::HttpResponse& response, const std::string& host) {
  const auto unusable = [&](const std::string& what) {
    return net::NoAnswer(net::NoAnswer::Reason::final, host + " gave " + what, other_server_hint);
  };
  if (response.status != 200) throw unusable("no bearer token: " + failure_text(response));
  const auto json = base::parse_json(response.body.reveal()).value_or(base::Json{});
  // Two names for the same.
  auto token = base::text_at(json, "token");
  if (!token) token = base::text_at(json, "access_token");
  // Without the body, which may be a bearer token nevertheless.
  if (!token) throw unusable("no bearer token: HTTP status 200");
  const bool is_printable = std::ranges::all_of(*token, [](char c) { return c > ' ' && c < 0x7f; });
  if (token->empty() || token->size() > max_bearer || !is_printable) {
    throw unusable("a bearer token of " + std::to_string(token->size()) +
                   " bytes that cannot be sent in a request");
  }
  const auto lifetime = base::whole_number_at(json, "expires_in").value_or(0);
  return {base::Secret{"Bearer " + *token},
          std::chrono::seconds{lifetime > 0 ? std::min(lifetime, max_lifetime) : default_lifetime}};
}

/// In the Snowflake CLI's words.
Error no_tags(const net::HttpResponse& response) {
  const std::string sentence = "Call to the registry failed: " + failure_text(response);
  if (response.status >= 500) return {Kind::network, sentence, base::outage_hint};
  if (response.status == 404)
    return {Kind::not_found, sentence, "docker snowflake list-images shows its images"};
  if (response.status != 200)
    return {Kind::denied, sentence,
            "check the role of the connection: it needs READ on the image repository"};
  return {Kind::network, "the registry did not answer with a list of tags",
          "check whether a proxy or a VPN is in between"};
}

}  // namespace

Challenge Challenge::parse(std::string_view header) {
  constexpr std::string_view scheme = "bearer ";
  header = base::trim(header);
  if (!base::equals_ignoring_case(header.substr(0, scheme.size()), scheme)) return {};
  header.remove_prefix(scheme.size());
  return {parameter(header, "realm"), parameter(header, "service")};
}

std::string Challenge::bearer_url(const std::string& scopes) const {
  std::string url = realm;
  if (!service.empty()) net::add_query(url, "service", service);
  for (const auto& scope : base::split(scopes, ' ')) {
    if (!scope.empty()) net::add_query(url, "scope", scope);
  }
  return url;
}

bool Challenge::may_receive_credential_for(const std::string& host) const {
  const auto asked = address_in(realm);
  const auto own = net::parse_url(origin_of(host));
  if (!asked || asked->scheme != own.scheme) return false;
  if (asked->host == own.host && asked->port == own.port) return true;
  return config::is_snowflake_host(own.host) && config::is_snowflake_host(asked->host) &&
         asked->port == https_port;
}

std::string origin_of(const std::string& host) {
  const bool is_local = base::is_loopback(net::parse_url("https://" + host).host);
  return (is_local ? "http://" : "https://") + host;
}

Client::Client(net::HttpClient& http, std::string host) : http_(http), host_(std::move(host)) {}

net::HttpResponse Client::get(std::string url, base::Secret authorization) {
  net::HttpRequest request;
  request.url = std::move(url);
  request.authorization = std::move(authorization);
  return http_.send(request);
}

Challenge Client::challenge() {
  const auto response = get(origin_of(host_) + "/v2/", {});
  auto challenge = Challenge::parse(response.header("www-authenticate"));
  throw_if_unavailable(host_, response);
  if (response.status != 401 || challenge.realm.empty()) {
    throw Error(Kind::network, host_ + " does not answer as a registry: " + failure_text(response),
                "check the host, and whether a network policy, a proxy or a VPN is in between");
  }
  if (!challenge.may_receive_credential_for(host_)) {
    throw Error(Kind::denied, host_ + " wants the token sent to " + base::printable(challenge.realm, 200),
                "do not log in there: check the host and the proxy, or ask the account's administrator");
  }
  return challenge;
}

Bearer Client::bearer_at(const std::string& url, const docker::Credential& credential) {
  const auto response = get(url, net::basic_authorization(credential.username, credential.secret.reveal()));
  throw_if_unavailable(host_, response);
  if (response.status == 401 || response.status == 403) {
    const auto sentence =
        host_ + " does not accept the token that Snowflake issued: " + failure_text(response);
    const auto next =
        "check that it is the registry of the connection's account; if it is, ask an administrator "
        "about the account's network policy";
    if (response.status == 401) throw CredentialRefused(Kind::denied, sentence, next);
    throw Error(Kind::denied, sentence, next);
  }
  return bearer_in(response, host_);
}

Bearer Client::bearer(const Challenge& challenge, const docker::Credential& credential,
                      const std::string& scope) {
  return bearer_at(challenge.bearer_url(scope), credential);
}

Bearer Client::bearer_of_login(const docker::Credential& credential) {
  return bearer_at(origin_of(host_) + "/login", credential);
}

net::HttpResponse Client::send(const char* method, const std::string& path,
                               const base::Secret& authorization) {
  net::HttpRequest request;
  request.method = method;
  request.url = origin_of(host_) + path;
  request.authorization = authorization;
  return http_.send(request);
}

std::vector<std::string> Client::tags(const std::string& path, const std::string& image,
                                      const base::Secret& authorization) {
  const auto first =
      origin_of(host_) + "/v2/" + path + "/" + image + "/tags/list?n=" + std::to_string(tags_per_page);
  net::HttpResponse last;
  auto list = read_tags(first, std::nullopt, [&](const std::string& url) {
    last = get(url, authorization);
    return last;
  });
  if (!list) throw no_tags(last);
  return std::move(list->tags);
}

void try_credential(net::HttpClient& http, const std::string& host, const docker::Credential& credential) {
  Client registry{http, host};
  const auto authorization = registry.bearer(registry.challenge(), credential).authorization;
  const auto page = registry.send("GET", "/v2/", authorization);
  if (page.status == 200) return;
  throw_if_unavailable(host, page);
  throw Error(Kind::denied, host + " does not accept the bearer token that it issued: " + failure_text(page),
              base::outage_hint);
}

}  // namespace plugin::registry
