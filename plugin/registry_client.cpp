// SPDX-License-Identifier: Apache-2.0
#include "registry_client.hpp"

#include "base/json.hpp"
#include "base/loopback.hpp"
#include "base/text.hpp"
#include "net/crypto.hpp"
#include "net/url.hpp"

namespace plugin {
namespace {

using base::Error;
using base::Kind;

constexpr int page = 10;

base::Json answer_of(net::HttpResponse& response, const std::string& what) {
  const auto json = base::parse_json(response.body.reveal());
  if (response.status == 200 && json) return *json;
  throw Error(response.status == 200 ? Kind::network : Kind::denied,
              what + ": HTTP status " + std::to_string(response.status) + ", " +
                  base::printable(response.body.reveal(), 200),
              "check the role of the connection: it needs READ on the image repository");
}

base::Secret basic(const docker::Credential& credential) {
  return base::Secret{"Basic " +
                      net::base64(credential.username + ":" + std::string{credential.secret.reveal()})};
}

net::HttpResponse get(net::HttpClient& http, std::string url, base::Secret authorization) {
  net::HttpRequest request;
  request.url = std::move(url);
  request.authorization = std::move(authorization);
  return http.send(request);
}

/// The value of `name="..."` in a challenge (RFC 9110, 11.6.1); empty when it is not there.
std::string parameter(const std::string& challenge, const std::string& name) {
  const auto begin = challenge.find(name + "=\"");
  if (begin == std::string::npos) return {};
  const auto value = begin + name.size() + 2;
  return challenge.substr(value, challenge.find('"', value) - value);
}

/// Where the registry gives bearers, and for what; it must not be at somebody else's.
std::string realm_of(const net::HttpResponse& response, const std::string& origin, const std::string& host) {
  const auto header = response.headers.find("www-authenticate");
  const std::string challenge = header == response.headers.end() ? "" : header->second;
  const std::string realm = parameter(challenge, "realm");
  if (response.status != 401 || realm.empty()) {
    throw Error(Kind::network,
                host + " does not ask for a sign-in as a registry does (HTTP status " +
                    std::to_string(response.status) + ")",
                "check the host; a proxy or a captive portal may answer in its place");
  }
  if (!realm.starts_with(origin + "/")) {
    throw Error(Kind::denied, host + " sends sign-ins elsewhere: " + base::printable(realm, 200),
                "a token only goes to the registry it was issued for: check the host and the proxy");
  }
  return realm + (realm.find('?') == std::string::npos ? "?" : "&") +
         "service=" + net::percent_encode(parameter(challenge, "service"));
}

[[noreturn]] void refuse(const std::string& host, net::HttpResponse& response) {
  throw Error(Kind::denied,
              "Snowflake gave a token, and " + host + " does not take it (HTTP status " +
                  std::to_string(response.status) + "): " + base::printable(response.body.reveal(), 200),
              "check that the host is the registry of the connection's account, and its network policy");
}

}  // namespace

void try_token(net::HttpClient& http, const std::string& host, const token::RegistryToken& token,
               base::TimePoint now) {
  const std::string name = host.substr(0, host.rfind(':'));
  const std::string origin = (base::is_loopback(name) ? "http://" : "https://") + host;
  const std::string door = origin + "/v2/";
  const auto realm = realm_of(get(http, door, {}), origin, host);
  auto response = get(http, realm, basic(token.credential_for(host, now)));
  if (response.status != 200) refuse(host, response);
  const auto json = base::parse_json(response.body.reveal()).value_or(nullptr);
  const auto bearer = base::text_at(json, "token").value_or(base::text_at(json, "access_token").value_or(""));
  response = get(http, door, base::Secret{"Bearer " + bearer});
  if (response.status != 200) refuse(host, response);
}

RegistryClient::RegistryClient(net::HttpClient& http, std::string host, const token::RegistryToken& token,
                               base::TimePoint now)
    : http_(http), host_(std::move(host)) {
  auto response = get(http_, "https://" + host_ + "/login", basic(token.credential_for(host_, now)));
  const auto json = answer_of(response, "Failed to login to the repository");
  authorization_ = base::Secret{"Bearer " + base::text_at(json, "token").value_or("")};
}

std::vector<std::string> RegistryClient::tags(const std::string& path, const std::string& image) {
  std::vector<std::string> tags;
  const std::string url =
      "https://" + host_ + "/v2/" + path + "/" + image + "/tags/list?n=" + std::to_string(page);
  for (bool more = true; more;) {
    auto response =
        get(http_, tags.empty() ? url : url + "&last=" + net::percent_encode(tags.back()), authorization_);
    const auto json = answer_of(response, "Call to the registry failed");
    const auto before = tags.size();
    for (const auto& tag : base::member(json, "tags")) {
      if (tag.is_string()) tags.push_back(tag.get<std::string>());
    }
    // A page that adds nothing would come again for ever.
    more = response.headers.contains("link") && tags.size() > before;
  }
  return tags;
}

}  // namespace plugin
