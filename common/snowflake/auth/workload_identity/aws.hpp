// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "net/url.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "snowflake/auth/workload_identity/attestation.hpp"
#include "snowflake/auth/workload_identity/aws_signature.hpp"

namespace snowflake {

/// AWS_REGION, AWS_DEFAULT_REGION, or the region from the metadata service. Throws `config` when it is not
/// valid, because it becomes part of a host name.
std::string aws_region(const AuthContext&);

/// The first of these sources, in the order of the AWS SDKs: the variables AWS_ACCESS_KEY_ID and so on; the
/// file AWS_WEB_IDENTITY_TOKEN_FILE for the role AWS_ROLE_ARN; the container's endpoint
/// (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI); the metadata service. Throws like `attest_on_aws`.
AwsCredentials aws_credentials(const AuthContext&, const std::string& region);

/// AWS's Security Token Service in a region: `sts.<region>.amazonaws.com`, in China `.amazonaws.com.cn`.
class AwsSts {
public:
  AwsSts(const AuthContext&, std::string region);

  const std::string& host() const noexcept { return host_; }

  /// Credentials of a role for the holder of an OpenID Connect token. The request is not signed. All
  /// functions throw like `answer_of`.
  AwsCredentials assume_role_with_web_identity(const std::string& role, const std::string& session_name,
                                               const base::Secret& web_identity_token) const;
  /// Credentials of a role for the holder of other credentials.
  AwsCredentials assume_role(const std::string& role, const AwsCredentials&) const;
  /// A JWT that identifies the caller to Snowflake (STS API reference, GetWebIdentityToken).
  base::Secret web_identity_token(const AwsCredentials&) const;
  /// A GetCallerIdentity request, signed for Snowflake only. It is not sent here: Snowflake sends it and
  /// learns who signed it.
  AwsRequest signed_caller_identity_request(const AwsCredentials&) const;

private:
  base::Secret call(net::Form, const AwsCredentials*) const;

  net::HttpClient& http_;
  const base::Clock& clock_;
  std::string region_;
  std::string host_;
};

}  // namespace snowflake
