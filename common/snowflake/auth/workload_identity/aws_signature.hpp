// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/secret.hpp"

namespace snowflake {

/// Credentials of an AWS identity.
struct AwsCredentials {
  std::string access_key_id;
  base::Secret secret_access_key;
  base::Secret session_token;  ///< empty for long-term keys
};

/// A request to the root path of an AWS service.
struct AwsRequest {
  std::string method;
  std::vector<std::pair<std::string, std::string>> query;
  std::vector<std::pair<std::string, std::string>> headers;  ///< all are signed
  base::Secret body;
};

/// The scope of a signature.
struct AwsScope {
  base::TimePoint at;
  std::string region;
  std::string service;
};

/// AWS Signature Version 4, in its three steps (IAM user guide, "Create a signed AWS API request"). Pure
/// functions, for which AWS publishes a test suite.
std::string canonical_request(const AwsRequest&);
std::string string_to_sign(const std::string& canonical_request, const AwsScope&);
std::string authorization(const AwsRequest&, const AwsCredentials&, const AwsScope&);

/// Adds the headers X-Amz-Date, X-Amz-Security-Token (when there is a session token) and Authorization.
void sign(AwsRequest&, const AwsCredentials&, const AwsScope&);

/// The query, percent-encoded and in canonical order.
std::string canonical_query(const AwsRequest&);

}  // namespace snowflake
