// SPDX-License-Identifier: Apache-2.0
#include "snowflake/auth/workload_identity/attestation.hpp"

#include "net/crypto.hpp"
#include "support/catch.hpp"
#include "support/connections.hpp"

namespace {

std::string jwt(const std::string& claims) {
  return net::base64url("{}") + "." + net::base64url(claims) + ".AA";
}

}  // namespace

TEST_CASE("an impersonation path is a list, or separated by commas") {
  const auto path = [](const std::string& text) {
    return snowflake::impersonation_path(fakes::connection({{"workload_identity_impersonation_path", text}}));
  };
  using Path = std::vector<std::string>;
  CHECK(path("").empty());
  CHECK(path("[]").empty());
  CHECK(path(R"(["a", " b ", 7])") == Path{"a", "b"});
  CHECK(path("a@p.iam, b@p.iam,") == Path{"a@p.iam", "b@p.iam"});
}

TEST_CASE("an attestation has issuer and subject, which are safe to print") {
  const auto attestation = snowflake::attestation_of_jwt(
      base::Secret{jwt(R"({"iss":"https://i","sub":"a\u001bb"})")}, "GitHub Actions");
  CHECK(attestation.issuer == "https://i");
  CHECK(attestation.subject == "a b");
  const auto error = [](const std::string& text) {
    return std::string{
        fakes::error_of([&] { snowflake::attestation_of_jwt(base::Secret{text}, "GitHub Actions"); }).what()};
  };
  CHECK(error("secret") == "the token from GitHub Actions is not a JWT");
  CHECK(error(jwt(R"({"iss":"https://i"})")) == "the JWT from GitHub Actions has no issuer or no subject");
  CHECK(error(jwt(R"({"iss":1,"sub":"s"})")) == "the JWT from GitHub Actions has no issuer or no subject");
}
