// SPDX-License-Identifier: Apache-2.0
#include "snowflake/auth/workload_identity/aws.hpp"

#include "base/text.hpp"
#include "net/crypto.hpp"
#include "net/markup.hpp"
#include "snowflake/auth/workload_identity/attestation.hpp"

namespace snowflake {
namespace {

/// Whether to send a JWT from AWS instead of a signed request (`snowflake/PROTOCOL.md` 3.8).
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
  return base::Secret{net::base64(base::dump_json(description))};
}

constexpr const char* version = "2011-06-15";
constexpr const char* session_name_for_snowflake = "identity-federation-session";

Service sts_at(const std::string& host) {
  return {"AWS's token service " + host, "check the role, its trust policy, and the region in AWS_REGION"};
}

base::Secret element(const base::Secret& xml, const char* name, const std::string& host) {
  const auto text = net::element_text(xml.reveal(), name);
  if (text && !text->empty()) return base::Secret{*text};
  const auto service = sts_at(host);
  throw base::Error(base::Kind::network, service.name + " sent an answer without " + name, service.hint);
}

AwsCredentials credentials_in_xml(const base::Secret& xml, const std::string& host) {
  return {std::string{element(xml, "AccessKeyId", host).reveal()}, element(xml, "SecretAccessKey", host),
          element(xml, "SessionToken", host)};
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
  return {as_token(sts.host(), sts.signed_caller_identity_request(credentials))};
}

AwsSts::AwsSts(const AuthContext& context, std::string region)
    : http_(context.http),
      clock_(context.clock),
      region_(std::move(region)),
      host_("sts." + region_ + (region_.starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com")) {}

base::Secret AwsSts::call(net::Form form, const AwsCredentials* credentials) const {
  form.add("Version", version);
  auto request = form_request("https://" + host_ + "/", form);
  if (credentials != nullptr) {
    AwsRequest to_sign{request.method, {}, request.headers, request.body};
    to_sign.headers.emplace_back("Host", host_);
    sign(to_sign, *credentials, {clock_.now(), region_, "sts"});
    request.headers = to_sign.headers;
  }
  return answer_of(http_, request, sts_at(host_));
}

AwsCredentials AwsSts::assume_role_with_web_identity(const std::string& role, const std::string& session_name,
                                                     const base::Secret& web_identity_token) const {
  net::Form form;
  form.add("Action", "AssumeRoleWithWebIdentity")
      .add("RoleArn", role)
      .add("RoleSessionName", session_name.empty() ? session_name_for_snowflake : session_name)
      .add("WebIdentityToken", web_identity_token.reveal());
  return credentials_in_xml(call(std::move(form), nullptr), host_);
}

AwsCredentials AwsSts::assume_role(const std::string& role, const AwsCredentials& credentials) const {
  net::Form form;
  form.add("Action", "AssumeRole").add("RoleArn", role).add("RoleSessionName", session_name_for_snowflake);
  return credentials_in_xml(call(std::move(form), &credentials), host_);
}

base::Secret AwsSts::web_identity_token(const AwsCredentials& credentials) const {
  net::Form form;
  form.add("Action", "GetWebIdentityToken")
      .add("Audience.member.1", snowflake_audience)
      .add("SigningAlgorithm", "ES384");
  return element(call(std::move(form), &credentials), "WebIdentityToken", host_);
}

AwsRequest AwsSts::signed_caller_identity_request(const AwsCredentials& credentials) const {
  AwsRequest request{"POST",
                     {{"Action", "GetCallerIdentity"}, {"Version", version}},
                     {{"Host", host_}, {"X-Snowflake-Audience", snowflake_audience}},
                     {}};
  sign(request, credentials, {clock_.now(), region_, "sts"});
  return request;
}

}  // namespace snowflake
