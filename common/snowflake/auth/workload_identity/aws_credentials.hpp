// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "snowflake/auth/authenticator.hpp"
#include "snowflake/auth/workload_identity/attestation.hpp"
#include "snowflake/auth/workload_identity/aws_signature.hpp"

namespace snowflake {

/// AWS_REGION, AWS_DEFAULT_REGION, or what the metadata service says. Throws `config` when it is no region:
/// it becomes a part of a host name.
std::string aws_region(const AuthContext&);

/// In the order of AWS's own programs: the variables AWS_ACCESS_KEY_ID and so on; the file
/// AWS_WEB_IDENTITY_TOKEN_FILE for the role AWS_ROLE_ARN; the container's endpoint
/// (AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI); the metadata service in its second version. Throws
/// as `attest_on_aws`.
AwsCredentials aws_credentials(const AuthContext&, const std::string& region);

/// The instance metadata service of AWS in its second version (EC2 user guide, "Use IMDSv2"): one token, then
/// questions.
class AwsMetadata {
public:
  /// Asks for the token. Throws `config` when AWS_EC2_METADATA_DISABLED is true, and as `answer_of`.
  explicit AwsMetadata(const AuthContext&);
  /// What it says at a path below /latest/meta-data/.
  base::Secret read(const std::string& path) const;

private:
  net::HttpClient& http_;
  std::string token_;
};

}  // namespace snowflake
