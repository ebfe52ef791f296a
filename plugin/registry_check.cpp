// SPDX-License-Identifier: Apache-2.0
#include "registry_check.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "net/crypto.hpp"
#include "net/url.hpp"

namespace plugin {
namespace {

using base::Error;
using base::Kind;

constexpr const char* next = "docker snowflake status shows which connection and token are used";

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
    const std::string value{header.substr(0, end)};
    header.remove_prefix(end);
    header.remove_prefix(std::min(header.find(','), header.size()));
    if (header.starts_with(',')) header.remove_prefix(1);
    if (base::equals_ignoring_case(key, name)) return value;
  }
  return {};
}

bool may_see_credential(const std::string& realm, const std::string& host) {
  const auto url = net::parse_url(realm);
  if (url.scheme != "https") return false;
  const auto own = net::parse_url("https://" + host);
  if (url.host == own.host && url.port == own.port) return true;
  return url.host.ends_with(".snowflakecomputing.com") || url.host.ends_with(".snowflakecomputing.cn");
}

[[noreturn]] void fail(Kind kind, const std::string& host, const std::string& what) {
  throw Error(kind, "the registry " + host + " " + what, next);
}

std::string answered(const net::HttpResponse& response) {
  return "answered with HTTP status " + std::to_string(response.status) + ": " +
         base::printable(response.body.reveal(), 200);
}

base::Secret bearer(net::HttpClient& http, const std::string& host, const Challenge& challenge,
                    const token::RegistryToken& token, base::TimePoint now) {
  const auto credential = token.credential_for(host, now);
  net::HttpRequest request;
  request.url = challenge.realm + (challenge.realm.find('?') == std::string::npos ? "?" : "&") +
                "service=" + net::percent_encode(challenge.service);
  request.authorization = base::Secret{
      "Basic " + net::base64(credential.username + ":" + std::string{credential.secret.reveal()})};
  const auto response = http.send(request);
  if (response.status != 200) fail(Kind::denied, host, answered(response));
  const auto json = base::parse_json(response.body.reveal()).value_or(base::Json{});
  // Two names for the same (distribution's token specification).
  auto value = base::text_at(json, "token");
  if (!value) value = base::text_at(json, "access_token");
  if (!value) fail(Kind::network, host, "gave no token that makes sense");
  return base::Secret{"Bearer " + *value};
}

}  // namespace

Challenge Challenge::parse(std::string_view header) {
  constexpr std::string_view scheme = "bearer ";
  header = base::trim(header);
  if (!base::equals_ignoring_case(header.substr(0, scheme.size()), scheme)) return {};
  header.remove_prefix(scheme.size());
  return {parameter(header, "realm"), parameter(header, "service")};
}

void check_registry(net::HttpClient& http, const std::string& host, const token::RegistryToken& token,
                    base::TimePoint now) {
  net::HttpRequest page;
  page.url = "https://" + host + "/v2/";
  const auto first = http.send(page);
  if (first.status == 200) return;
  const auto header = first.headers.find("www-authenticate");
  const auto challenge = Challenge::parse(header == first.headers.end() ? "" : header->second);
  if (first.status != 401 || challenge.realm.empty()) fail(Kind::network, host, answered(first));
  if (!may_see_credential(challenge.realm, host))
    fail(Kind::denied, host, "wants its credential sent to another host; it was not");
  page.authorization = bearer(http, host, challenge, token, now);
  const auto second = http.send(page);
  if (second.status != 200) fail(Kind::denied, host, answered(second));
}

}  // namespace plugin
