// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/account.hpp"
#include "config/connection.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "snowflake/auth/workload_identity/attestation.hpp"
#include "snowflake/sql_text.hpp"

namespace snowflake {
namespace {

using base::Error;
using base::Kind;

struct IdentityProvider {
  std::string_view name;
  Attestation (*attest)(const AuthContext&);
};

constexpr std::array providers = {
    IdentityProvider{"AWS", &attest_on_aws}, IdentityProvider{"AZURE", &attest_on_azure},
    IdentityProvider{"GCP", &attest_on_gcp}, IdentityProvider{"OIDC", &attest_with_oidc}};

const IdentityProvider& provider_of(const config::Connection& connection) {
  const std::string name = connection.text("workload_identity_provider");
  const auto provider = std::ranges::find(providers, base::to_upper(name), &IdentityProvider::name);
  if (provider != providers.end()) return *provider;
  throw Error(Kind::config,
              name.empty() ? "the connection has no workload_identity_provider"
                           : "Invalid workload identity provider '" + base::printable(name, 50) +
                                 "'. Valid values are: AWS, AZURE, GCP, OIDC",
              {"set " + config::name_of_value(connection, "workload_identity_provider", "authenticator") +
                   " to AWS, AZURE, GCP or OIDC",
               base::Needs::connection});
}

/// Refusals for other reasons than an unknown identity: a user who is locked or disabled, the role, a default
/// object, the network.
constexpr std::array unrelated_codes = {std::string_view{"390102"}, std::string_view{"390103"},
                                        std::string_view{"390189"}, std::string_view{"390201"},
                                        std::string_view{"390422"}};

/// An attestation by the platform that the program runs on (`snowflake/PROTOCOL.md` 3.8). Nothing is stored,
/// and every attempt gets a new attestation.
class WorkloadIdentity final : public Authenticator {
public:
  explicit WorkloadIdentity(const AuthContext& context)
      : context_(context), provider_(provider_of(context.connection)) {
    // An attestation is a credential, and is created for Snowflake only (`snowflake/PROTOCOL.md` 3.8).
    if (config::is_snowflake_host(context.account.host)) return;
    throw Error(Kind::config,
                "251021: WORKLOAD_IDENTITY requires a recognized Snowflake host (*.snowflakecomputing.com, "
                ".cn or .mil). Got: '" +
                    context.account.host + "'",
                {"correct account and host in the connection", base::Needs::connection});
  }

  void add_to(base::Json& data) override {
    attestation_ = provider_.attest(context_);
    data["AUTHENTICATOR"] = "WORKLOAD_IDENTITY";
    data["LOGIN_NAME"] = context_.connection.text("user");
    data["PROVIDER"] = provider_.name;
    data["TOKEN"] = attestation_.token.reveal();
  }

  net::RetryMode retry_mode() const override { return net::RetryMode::always; }

  base::NextStep next_step(const Answer& answer) override {
    if (std::ranges::find(unrelated_codes, answer.code) != unrelated_codes.end()) return {};
    return "assign this identity to a Snowflake user: ALTER USER <user> SET WORKLOAD_IDENTITY = (" +
           identity() + ")";
  }

private:
  /// The identity in Snowflake's SQL.
  std::string identity() const {
    const std::string type = "TYPE = " + std::string{provider_.name};
    const auto& [token, issuer, subject] = attestation_;
    if (provider_.name == "AWS")
      return type +
             " ARN = " + sql_literal(subject.empty() ? "<Arn from aws sts get-caller-identity>" : subject);
    // Google has a single issuer.
    const std::string whose = provider_.name == "GCP" ? "" : " ISSUER = " + sql_literal(issuer);
    return type + whose + " SUBJECT = " + sql_literal(subject);
  }

  AuthContext context_;
  const IdentityProvider& provider_;
  Attestation attestation_;
};

}  // namespace

std::unique_ptr<Authenticator> workload_identity_authenticator(const AuthContext& context) {
  return std::make_unique<WorkloadIdentity>(context);
}

}  // namespace snowflake
