// SPDX-License-Identifier: Apache-2.0
#include "registry/client.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "net/crypto.hpp"
#include "registry/persistence.hpp"
#include "registry/tag_list.hpp"

namespace plugin::registry {
namespace {

using base::Error;
using base::Kind;

constexpr std::size_t max_words = 200;
/// Servers take headers of 8 to 64 KiB.
constexpr std::size_t max_bearer = 64U << 10;

/// Throws when the server is busy or failed, whatever was asked.
void throw_if_trouble(const std::string& host, const net::HttpResponse& response) {
  if (NoBearerNow::is(response)) throw NoBearerNow(host, response);
}

/// In the Snowflake CLI's words.
Error no_tags(const net::HttpResponse& response) {
  const std::string sentence = "Call to the registry failed: " + words_of(response);
  if (response.status >= 500) return {Kind::network, sentence, base::outage_hint};
  if (response.status == 404)
    return {Kind::not_found, sentence, "docker snowflake list-images shows what there is"};
  if (response.status != 200)
    return {Kind::denied, sentence,
            "check the role of the connection: it needs READ on the image repository"};
  return {Kind::network, "the registry did not answer with a list of tags",
          "check whether a proxy or a VPN is in between"};
}

}  // namespace

Client::Client(net::HttpClient& http, std::string host) : http_(http), host_(std::move(host)) {}

net::HttpResponse Client::get(std::string url, base::Secret authorization) {
  net::HttpRequest request;
  request.url = std::move(url);
  request.authorization = std::move(authorization);
  return http_.send(request);
}

Challenge Client::challenge() {
  const auto response = get(origin_of(host_) + "/v2/", {});
  const auto header = response.headers.find("www-authenticate");
  auto challenge = Challenge::parse(header == response.headers.end() ? "" : header->second);
  throw_if_trouble(host_, response);
  if (response.status != 401 || challenge.realm.empty()) {
    throw Error(Kind::network, host_ + " does not answer as a registry: " + words_of(response),
                "check the host, and whether a network policy, a proxy or a VPN is in between");
  }
  if (!challenge.may_see_credential_for(host_)) {
    throw Error(Kind::denied,
                host_ + " wants the token sent to " + base::printable(challenge.realm, max_words),
                "do not log in there: check the host and the proxy, or ask the account's administrator");
  }
  return challenge;
}

base::Secret Client::bearer_at(const std::string& url, const docker::Credential& credential) {
  const auto response = get(url, net::basic_authorization(credential.username, credential.secret.reveal()));
  throw_if_trouble(host_, response);
  if (auto bearer = bearer_in(response, host_)) return *std::move(bearer);
  if (response.status == 200) {
    // Without the body: it may be a bearer all the same.
    throw Error(Kind::network, host_ + " answered without the bearer token that it was asked for",
                "check the host, and whether a proxy or a VPN is in between");
  }
  throw Error(Kind::denied, host_ + " does not accept the token that Snowflake issued: " + words_of(response),
              "check that it is the registry of the connection's account; if it is, ask an administrator "
              "about the account's network policy");
}

base::Secret Client::bearer(const Challenge& challenge, const docker::Credential& credential,
                            const std::string& scope) {
  return bearer_at(challenge.bearer_url(scope), credential);
}

base::Secret Client::bearer_of_login(const docker::Credential& credential) {
  return bearer_at(origin_of(host_) + "/login", credential);
}

net::HttpResponse Client::ask(const char* method, const std::string& path,
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
  const auto authorization = registry.bearer(registry.challenge(), credential);
  const auto page = registry.ask("GET", "/v2/", authorization);
  if (page.status == 200) return;
  throw_if_trouble(host, page);
  throw Error(Kind::denied, host + " does not accept the bearer token that it issued: " + words_of(page),
              base::outage_hint);
}

std::optional<base::Secret> bearer_in(const net::HttpResponse& response, const std::string& host) {
  const auto json = base::parse_json(response.body.reveal()).value_or(base::Json{});
  // Two names for the same (`docker/PROTOCOL.md` 4.1).
  auto token = base::text_at(json, "token");
  if (!token) token = base::text_at(json, "access_token");
  if (response.status != 200 || !token) return std::nullopt;
  const bool is_printable = std::ranges::all_of(*token, [](char c) { return c > ' ' && c < 0x7f; });
  if (token->empty() || token->size() > max_bearer || !is_printable) {
    throw net::NoAnswer(net::NoAnswer::Reason::final,
                        host + " gave a bearer token of " + std::to_string(token->size()) +
                            " bytes that cannot be sent in a request",
                        "check the host, and whether a proxy or a VPN is in between");
  }
  return base::Secret{"Bearer " + *token};
}

std::string words_of(const net::HttpResponse& response) {
  const std::string status = "HTTP status " + std::to_string(response.status);
  const auto body = base::trim(response.body.reveal());
  const auto json = base::parse_json(body).value_or(base::Json{});
  const auto& errors = base::member(json, "errors");
  const auto words =
      errors.is_array() && !errors.empty() ? base::text_at(errors[0], "message") : std::nullopt;
  if (words) return status + ", " + base::printable(*words, max_words);
  // Neither HTML nor JSON is meant for users.
  const bool is_sentence =
      !body.empty() && std::string_view{"<[{"}.find(body.front()) == std::string_view::npos;
  return is_sentence ? status + ", " + base::printable(body, max_words) : status;
}

}  // namespace plugin::registry
