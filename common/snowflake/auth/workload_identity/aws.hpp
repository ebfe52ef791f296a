// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "net/url.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "snowflake/auth/workload_identity/aws_signature.hpp"

namespace snowflake {

/// AWS's Security Token Service in a region: `sts.<region>.amazonaws.com`, in China `.amazonaws.com.cn`.
class AwsSts {
public:
  AwsSts(const AuthContext&, std::string region);

  const std::string& host() const noexcept { return host_; }

  /// Credentials of a role for the holder of an OpenID Connect token. The request is not signed. All
  /// functions throw like `answer_of`.
  AwsCredentials assume_role_with_web_identity(const std::string& role, const std::string& session_name,
                                               const base::Secret& web_identity_token) const;
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
