// SPDX-License-Identifier: Apache-2.0
#include "snowflake/auth/workload_identity/attestation.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "net/crypto.hpp"
#include "net/markup.hpp"
#include "net/retry.hpp"
#include "net/url.hpp"

namespace snowflake {
namespace {

using base::Error;
using base::Kind;

constexpr std::chrono::milliseconds metadata_timeout{3'000};
constexpr std::chrono::milliseconds service_timeout{10'000};
/// Tokens and credentials are small.
constexpr std::size_t max_platform_answer = 256U << 10;

/// The error message in an answer: OAuth 2.0 (RFC 6749, 5.2), Google's and GitHub's JSON, or AWS's XML.
std::string reason_in(std::string_view body) {
  const auto json = base::parse_json(body).value_or(base::Json{});
  const auto& error = base::member(json, "error");
  for (const auto& reason :
       {base::text_at(json, "error_description"), base::text_at(error, "message"),
        base::text_at(json, "message"), base::text_at(json, "error"), net::element_text(body, "Message")}) {
    if (reason && !reason->empty()) return ": " + base::printable(*reason, 200);
  }
  return {};
}

}  // namespace

Attestation attestation_of_jwt(const base::Secret& jwt, const std::string& whose) {
  const auto claims = net::jwt_claims(jwt.reveal());
  if (!claims) {
    throw Error(Kind::config, "the token from " + whose + " is not a JWT",
                "it must be three parts of base64url, separated by dots, and nothing else");
  }
  const auto issuer = base::text_at(*claims, "iss");
  const auto subject = base::text_at(*claims, "sub");
  if (!issuer || !subject) {
    throw Error(Kind::config, "the JWT from " + whose + " has no issuer or no subject",
                "it must have the claims iss and sub");
  }
  return {jwt, base::printable(*issuer, 200), base::printable(*subject, 200)};
}

std::vector<std::string> impersonation_path(const config::Connection& connection) {
  const std::string text = connection.text("workload_identity_impersonation_path");
  std::vector<std::string> path;
  const auto add = [&path](std::string_view step) {
    if (const auto name = base::trim(step); !name.empty()) path.emplace_back(name);
  };
  if (const auto list = base::parse_json(text); list && list->is_array()) {
    for (const auto& step : *list) add(step.is_string() ? step.get<std::string>() : "");
  } else {
    for (const auto& step : base::split(text, ',')) add(step);
  }
  return path;
}

net::HttpRequest metadata_request(std::string url) {
  net::HttpRequest request;
  request.url = std::move(url);
  request.retry_mode = net::RetryMode::if_answered;
  request.timeout = metadata_timeout;
  request.max_answer = max_platform_answer;
  request.to_metadata_service = true;
  return request;
}

net::HttpRequest service_request(std::string url) {
  net::HttpRequest request;
  request.url = std::move(url);
  request.timeout = service_timeout;
  request.max_answer = max_platform_answer;
  return request;
}

net::HttpRequest form_request(std::string url, const net::Form& form) {
  auto request = service_request(std::move(url));
  request.method = "POST";
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  request.body = form.body();
  return request;
}

base::Secret answer_of(net::HttpClient& http, const net::HttpRequest& request, const Service& service) {
  const auto response = [&] {
    try {
      return http.send(request);
    } catch (const net::NoAnswer& failure) {
      throw Error(Kind::network, service.name + " did not answer: " + failure.what(), service.hint);
    }
  }();
  if (response.status == 200 && !response.body.empty()) return response.body;
  if (response.status == 200)
    throw Error(Kind::network, service.name + " sent an empty answer", service.hint);
  const auto what = service.name + " answered with HTTP status " + std::to_string(response.status) +
                    reason_in(response.body.reveal());
  if (net::is_transient(response.status)) throw Error(Kind::network, what, "try again later");
  // Not `denied`, which is remembered: these errors do not lock a user out, and are fixed elsewhere.
  throw Error(Kind::config, what, service.hint);
}

base::Secret answer_of(net::HttpClient& http, const net::HttpRequest& request, const Service& service,
                       const char* field) {
  const auto body = answer_of(http, request, service);
  const auto json = base::parse_json(body.reveal());
  const auto text = json ? base::text_at(*json, field) : std::nullopt;
  if (!text || text->empty()) {
    throw Error(Kind::network, service.name + " sent an answer without " + field, service.hint);
  }
  return base::Secret{*text};
}

}  // namespace snowflake
