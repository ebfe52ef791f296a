// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/account.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "snowflake/auth/workload_identity/attestation.hpp"
#include "snowflake/sql_text.hpp"

namespace snowflake {
namespace {

using base::Error;
using base::Kind;

struct Row {
  std::string_view name;
  Attestation (*attest)(const AuthContext&);
};

constexpr std::array rows = {Row{"AWS", &attest_on_aws}, Row{"AZURE", &attest_on_azure},
                             Row{"GCP", &attest_on_gcp}, Row{"OIDC", &attest_with_oidc}};

const Row& provider_of(const config::Connection& connection) {
  const std::string name = connection.text("workload_identity_provider");
  const auto row = std::ranges::find(rows, base::to_upper(name), &Row::name);
  if (row != rows.end()) return *row;
  throw Error(Kind::config,
              name.empty() ? "the connection does not say whose workload identity to sign in with"
                           : "Invalid workload identity provider '" + base::printable(name, 50) +
                                 "'. Valid values are: AWS, AZURE, GCP, OIDC",
              "write workload_identity_provider = \"...\" into the connection, or set "
              "SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER");
}

/// Refusals of somebody whose identity Snowflake knows: a role, a default object, a network.
constexpr std::array codes_of_other_things = {std::string_view{"390189"}, std::string_view{"390201"},
                                              std::string_view{"390422"}};

/// What the platform that a program runs on says about it (`snowflake/PROTOCOL.md` 3.8). Nothing is kept,
/// and every attempt has an attestation of its own.
class WorkloadIdentity final : public Authenticator {
public:
  explicit WorkloadIdentity(const AuthContext& context)
      : context_(context), provider_(provider_of(context.connection)) {
    // An attestation is a credential: it is not even made for anybody else (15).
    if (config::is_snowflake_host(context.account.host)) return;
    throw Error(
        Kind::config,
        "251021: WORKLOAD_IDENTITY requires a recognized Snowflake host (*.snowflakecomputing.com, .cn "
        "or .mil). Got: '" +
            context.account.host + "'",
        "correct account and host in the connection");
  }

  void add_to(base::Json& data) override {
    attestation_ = provider_.attest(context_);
    data["AUTHENTICATOR"] = "WORKLOAD_IDENTITY";
    data["LOGIN_NAME"] = context_.connection.text("user");
    data["PROVIDER"] = provider_.name;
    data["TOKEN"] = std::string{attestation_.token.reveal()};
  }

  net::RetryMode retry_mode() const override { return net::RetryMode::always; }

  std::string next_step(const Answer& answer) override {
    if (std::ranges::find(codes_of_other_things, answer.code) != codes_of_other_things.end()) return {};
    return "let a user in Snowflake have this identity: ALTER USER <user> SET WORKLOAD_IDENTITY = (" +
           identity() + ")";
  }

private:
  /// As Snowflake's SQL names it.
  std::string identity() const {
    const std::string type = "TYPE = " + std::string{provider_.name};
    const auto& [token, issuer, subject] = attestation_;
    if (provider_.name == "AWS")
      return type +
             " ARN = " + sql_literal(subject.empty() ? "what aws sts get-caller-identity prints" : subject);
    // Google has one issuer for all.
    const std::string whose = provider_.name == "GCP" ? "" : " ISSUER = " + sql_literal(issuer);
    return type + whose + " SUBJECT = " + sql_literal(subject);
  }

  AuthContext context_;
  const Row& provider_;
  Attestation attestation_;
};

}  // namespace

std::unique_ptr<Authenticator> workload_identity_authenticator(const AuthContext& context) {
  return std::make_unique<WorkloadIdentity>(context);
}

}  // namespace snowflake
