// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "snowflake/auth/authenticator.hpp"

namespace snowflake {

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
