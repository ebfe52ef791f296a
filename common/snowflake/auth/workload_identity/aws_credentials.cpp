// SPDX-License-Identifier: Apache-2.0

#include <algorithm>

#include "base/file.hpp"
#include "base/local_address.hpp"
#include "base/masking.hpp"
#include "base/text.hpp"
#include "net/url.hpp"
#include "snowflake/auth/workload_identity/attestation.hpp"
#include "snowflake/auth/workload_identity/aws.hpp"

namespace snowflake {
namespace {

using base::Error;
using base::Kind;

base::Secret text_of_file(const std::string& path, const char* variable) {
  if (base::looks_like_secret(path)) {
    throw Error(
        Kind::config, std::string{variable} + " is a token, not the path of a file",
        "write the token into a file, and set " + std::string{variable} + " to the path of that file");
  }
  const auto text = base::read_text_file(path);
  if (text && !base::trim(*text).empty()) return base::Secret{base::trim(*text)};
  throw Error(Kind::config, "the file " + base::shown_path(path) + " in " + variable + " is missing or empty",
              "correct " + std::string{variable});
}

std::optional<AwsCredentials> from_variables(const base::Environment& environment) {
  const auto id = environment.non_empty("AWS_ACCESS_KEY_ID");
  const auto key = environment.non_empty("AWS_SECRET_ACCESS_KEY");
  if (!id || !key) return std::nullopt;
  return AwsCredentials{*id, base::Secret{*key},
                        base::Secret{environment.get("AWS_SESSION_TOKEN").value_or("")}};
}

std::optional<AwsCredentials> from_web_identity(const AuthContext& context, const std::string& region) {
  const auto file = context.environment.non_empty("AWS_WEB_IDENTITY_TOKEN_FILE");
  const auto role = context.environment.non_empty("AWS_ROLE_ARN");
  if (!file || !role) return std::nullopt;
  return AwsSts{context, region}.assume_role_with_web_identity(
      *role, context.environment.get("AWS_ROLE_SESSION_NAME").value_or(""),
      text_of_file(*file, "AWS_WEB_IDENTITY_TOKEN_FILE"));
}

/// The answer is a credential, so the endpoint must be on the machine itself or use TLS.
std::string container_address(const base::Environment& environment) {
  if (const auto path = environment.non_empty("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"))
    return "http://169.254.170.2" + *path;
  const auto url = environment.non_empty("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (!url) return {};
  const auto parts = net::parse_url(*url);
  if (parts.scheme == "https" || base::is_loopback(parts.host) || base::is_metadata_service(parts.host))
    return *url;
  throw Error(Kind::config,
              "AWS_CONTAINER_CREDENTIALS_FULL_URI does not point to this machine, and is not https",
              "use a link-local address, a loopback address, or a URL that begins with https://");
}

AwsCredentials credentials_in_json(const base::Secret& text, const std::string& whose) {
  const auto json = base::parse_json(text.reveal()).value_or(base::Json{});
  const auto id = base::text_at(json, "AccessKeyId");
  const auto key = base::text_at(json, "SecretAccessKey");
  if (!id || !key) {
    throw Error(Kind::network, whose + " sent an answer without credentials", "check the attached role");
  }
  return {*id, base::Secret{*key}, base::Secret{base::text_at(json, "Token").value_or("")}};
}

std::optional<AwsCredentials> from_container(const AuthContext& context) {
  const auto url = container_address(context.environment);
  if (url.empty()) return std::nullopt;
  auto request = metadata_request(url);
  if (const auto file = context.environment.non_empty("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")) {
    request.authorization = text_of_file(*file, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  } else if (const auto token = context.environment.non_empty("AWS_CONTAINER_AUTHORIZATION_TOKEN")) {
    request.authorization = base::Secret{*token};
  }
  const Service service{"the credentials endpoint of this container",
                        "check the role of the task, or of the pod's service account"};
  return credentials_in_json(answer_of(context.http, request, service), service.name);
}

constexpr const char* metadata_url = "http://169.254.169.254/latest/";

Service aws_metadata_service() {
  return {"the metadata service of AWS",
          "run this on AWS with a role attached; in a container, raise the instance's hop limit to 2 "
          "(HttpPutResponseHopLimit)"};
}

/// The AWS instance metadata service, version 2 (EC2 user guide, "Use IMDSv2"), which requires a token.
class AwsMetadata {
public:
  /// Requests the token. Throws `config` when AWS_EC2_METADATA_DISABLED is true, and like `answer_of`.
  explicit AwsMetadata(const AuthContext& context) : http_(context.http) {
    if (base::equals_ignoring_case(context.environment.get("AWS_EC2_METADATA_DISABLED").value_or(""),
                                   "true")) {
      throw Error(Kind::config,
                  "no AWS credentials found, and AWS_EC2_METADATA_DISABLED disables the metadata service",
                  "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or unset AWS_EC2_METADATA_DISABLED");
    }
    auto request = metadata_request(std::string{metadata_url} + "api/token");
    request.method = "PUT";
    request.headers = {{"X-aws-ec2-metadata-token-ttl-seconds", "60"}};
    token_ = answer_of(http_, request, aws_metadata_service()).reveal();
  }

  /// The value at a path below /latest/meta-data/.
  base::Secret read(const std::string& path) const {
    auto request = metadata_request(metadata_url + ("meta-data/" + path));
    request.headers = {{"X-aws-ec2-metadata-token", token_}};
    return answer_of(http_, request, aws_metadata_service());
  }

private:
  net::HttpClient& http_;
  std::string token_;
};

AwsCredentials from_metadata(const AuthContext& context) {
  const AwsMetadata metadata{context};
  const std::string roles = "iam/security-credentials/";
  const std::string role{base::trim(metadata.read(roles).reveal())};
  return credentials_in_json(metadata.read(roles + net::percent_encode(role)), "the metadata service of AWS");
}

}  // namespace

std::string aws_region(const AuthContext& context) {
  auto region = context.environment.non_empty("AWS_REGION");
  if (!region) region = context.environment.non_empty("AWS_DEFAULT_REGION");
  if (!region) region = base::trim(AwsMetadata{context}.read("placement/region").reveal());
  const bool is_valid = !region->empty() && std::ranges::all_of(*region, [](char c) {
    return base::is_lower(c) || base::is_digit(c) || c == '-';
  });
  if (is_valid) return *region;
  throw Error(Kind::config, "'" + base::printable(*region, 50) + "' is not a valid AWS region",
              "set AWS_REGION to a region such as eu-central-1");
}

AwsCredentials aws_credentials(const AuthContext& context, const std::string& region) {
  if (auto found = from_variables(context.environment)) return std::move(*found);
  if (auto found = from_web_identity(context, region)) return std::move(*found);
  if (auto found = from_container(context)) return std::move(*found);
  return from_metadata(context);
}

}  // namespace snowflake
