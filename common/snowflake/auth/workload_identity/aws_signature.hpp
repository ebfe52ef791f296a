// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/secret.hpp"

namespace snowflake {

struct AwsCredentials {
  std::string access_key_id;
  base::Secret secret_access_key;
  base::Secret session_token;  ///< empty for keys that last
};

/// A request to the root of a service of AWS.
struct AwsRequest {
  std::string method;
  std::vector<std::pair<std::string, std::string>> query;
  std::vector<std::pair<std::string, std::string>> headers;  ///< all of them are signed
  base::Secret body;
};

/// What a signature is good for.
struct AwsScope {
  base::TimePoint at;
  std::string region;
  std::string service;
};

/// Signature Version 4 of AWS, in its three steps (IAM user guide, "Create a signed AWS API request"). Pure:
/// AWS publishes a suite of cases for them.
std::string canonical_request(const AwsRequest&);
std::string string_to_sign(const std::string& canonical_request, const AwsScope&);
std::string authorization(const AwsRequest&, const AwsCredentials&, const AwsScope&);

/// Adds the headers X-Amz-Date, X-Amz-Security-Token where there is one, and Authorization.
void sign(AwsRequest&, const AwsCredentials&, const AwsScope&);

/// The query, encoded and in its canonical order.
std::string canonical_query(const AwsRequest&);

}  // namespace snowflake
