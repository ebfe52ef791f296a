// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "net/crypto.hpp"
#include "snowflake/auth/workload_identity/attestation.hpp"
#include "snowflake/auth/workload_identity/aws_credentials.hpp"
#include "snowflake/auth/workload_identity/aws_sts.hpp"

namespace snowflake {
namespace {

/// A newer way, on wish: a JWT of AWS's instead of a signed request (`snowflake/PROTOCOL.md` 3.8).
bool wants_jwt(const AuthContext& context) {
  return context.connection.flag("workload_identity_aws_use_outbound_token") ||
         base::equals_ignoring_case(
             context.environment.get("SNOWFLAKE_ENABLE_AWS_WIF_OUTBOUND_TOKEN").value_or(""), "true");
}

base::Secret as_token(const std::string& host, const AwsRequest& request) {
  base::Json headers = base::Json::object();
  for (const auto& [name, value] : request.headers) headers[name] = value;
  const base::Json description = {{"url", "https://" + host + "/?" + canonical_query(request)},
                                  {"method", request.method},
                                  {"headers", headers}};
  return base::Secret{net::base64(description.dump())};
}

}  // namespace

Attestation attest_on_aws(const AuthContext& context) {
  const std::string region = aws_region(context);
  const AwsSts sts{context, region};
  auto credentials = aws_credentials(context, region);
  for (const auto& role : impersonation_path(context.connection))
    credentials = sts.assume_role(role, credentials);
  if (wants_jwt(context))
    return attestation_of_jwt(sts.web_identity_token(credentials), "AWS's token service");
  return {as_token(sts.host(), sts.signed_question_who_i_am(credentials))};
}

}  // namespace snowflake
