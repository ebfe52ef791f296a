// SPDX-License-Identifier: Apache-2.0
#include "doctor/registry_door.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "net/crypto.hpp"
#include "net/url.hpp"

namespace plugin::doctor {
namespace {

/// The value of `name="value"`.
std::string parameter(const std::string& header, const std::string& name) {
  const auto begin = header.find(name + "=\"");
  if (begin == std::string::npos) return {};
  const auto value = begin + name.size() + 2;
  return header.substr(value, header.find('"', value) - value);
}

std::string with_scope(const std::string& realm, const std::string& scope) {
  if (scope.empty()) return realm;
  return realm + (realm.find('?') == std::string::npos ? "?" : "&") + "scope=" + net::percent_encode(scope);
}

}  // namespace

std::string realm_in(const std::string& challenge) {
  if (!base::to_lower(challenge).starts_with("bearer ")) return {};
  const auto realm = parameter(challenge, "realm");
  const auto service = parameter(challenge, "service");
  if (realm.empty() || service.empty()) return realm;
  return realm + (realm.find('?') == std::string::npos ? "?" : "&") +
         "service=" + net::percent_encode(service);
}

base::Secret authorization_for(const std::string& scope, Examination& examination) {
  const auto credential =
      examination.token->credential_for(examination.host->name(), examination.context.clock.now());
  net::HttpRequest request;
  request.url = with_scope(*examination.realm, scope);
  request.authorization = base::Secret{
      "Basic " + net::base64(credential.username + ":" + std::string{credential.secret.reveal()})};
  const auto response = examination.registries.http().send(request);
  const auto json = base::parse_json(response.body.reveal()).value_or(base::Json{});
  auto token = base::text_at(json, "token");
  if (!token) token = base::text_at(json, "access_token");
  if (response.status == 200 && token) return base::Secret{"Bearer " + *token};
  throw base::Error(
      base::Kind::denied,
      examination.host->name() + " does not take the token that Snowflake issued: " + words_of(response),
      "docker snowflake login; if that does not help, ask an administrator about policies of the account");
}

net::HttpResponse ask_registry(const char* method, const std::string& path, const base::Secret& authorization,
                               Examination& examination) {
  net::HttpRequest request;
  request.method = method;
  request.url = "https://" + examination.host->name() + path;
  request.authorization = authorization;
  return examination.registries.http().send(request);
}

std::string words_of(const net::HttpResponse& response) {
  const auto json = base::parse_json(response.body.reveal()).value_or(base::Json{});
  const auto& errors = base::member(json, "errors");
  const auto words =
      errors.is_array() && !errors.empty() ? base::text_at(errors[0], "message") : std::nullopt;
  const std::string status = "HTTP status " + std::to_string(response.status);
  return words ? status + ", " + base::printable(*words, 200) : status;
}

}  // namespace plugin::doctor
