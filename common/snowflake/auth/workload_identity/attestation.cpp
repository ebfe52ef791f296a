// SPDX-License-Identifier: Apache-2.0
#include "snowflake/auth/workload_identity/attestation.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "net/jwt.hpp"

namespace snowflake {

Attestation attestation_of_jwt(const base::Secret& jwt, const std::string& whose) {
  const auto claims = net::claims_of_jwt(jwt.reveal());
  if (!claims) {
    throw base::Error(base::Kind::config, "what " + whose + " gave is not a JWT",
                      "it has to be three parts of base64url with dots between them, and nothing else");
  }
  const auto issuer = base::text_at(*claims, "iss");
  const auto subject = base::text_at(*claims, "sub");
  if (!issuer || !subject) {
    throw base::Error(base::Kind::config, "the JWT of " + whose + " does not say who made it, or for whom",
                      "it has to have the claims iss and sub");
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

}  // namespace snowflake
