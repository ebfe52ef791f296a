// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "snowflake/auth/authenticator.hpp"
#include "snowflake/auth/workload_identity/aws_signature.hpp"

namespace snowflake {

/// The security token service of a region: `sts.<region>.amazonaws.com`, in China `.amazonaws.com.cn`.
class AwsSts {
public:
  AwsSts(const AuthContext&, std::string region);

  const std::string& host() const noexcept { return host_; }

  /// Credentials of a role, for somebody whom an OpenID Connect provider vouches for. Not signed. Throws as
  /// `answer_of`, like the others.
  AwsCredentials assume_role_with_web_identity(const std::string& role, const std::string& session_name,
                                               const base::Secret& web_identity_token) const;
  AwsCredentials assume_role(const std::string& role, const AwsCredentials&) const;
  /// A JWT of the caller's own for Snowflake (STS API reference, GetWebIdentityToken).
  base::Secret web_identity_token(const AwsCredentials&) const;
  /// GetCallerIdentity, signed for Snowflake alone and not sent: whoever sends it learns who signed it.
  AwsRequest signed_question_who_i_am(const AwsCredentials&) const;

private:
  base::Secret call(std::vector<std::pair<std::string, std::string>> fields, const AwsCredentials*) const;

  net::HttpClient& http_;
  const base::Clock& clock_;
  std::string region_;
  std::string host_;
};

}  // namespace snowflake
