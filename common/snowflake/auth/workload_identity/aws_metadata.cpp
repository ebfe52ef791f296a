// SPDX-License-Identifier: Apache-2.0
#include "snowflake/auth/workload_identity/aws_metadata.hpp"

#include "base/text.hpp"
#include "snowflake/auth/workload_identity/service.hpp"

namespace snowflake {
namespace {

constexpr const char* address = "http://169.254.169.254/latest/";

Service metadata_service() {
  return {"the metadata service of AWS",
          "run this on AWS with a role attached; in a container, raise the instance's hop limit to 2 "
          "(HttpPutResponseHopLimit)"};
}

}  // namespace

AwsMetadata::AwsMetadata(const AuthContext& context) : http_(context.http) {
  if (base::equals_ignoring_case(context.environment.get("AWS_EC2_METADATA_DISABLED").value_or(""), "true")) {
    throw base::Error(base::Kind::config,
                      "no AWS credentials were found, and AWS_EC2_METADATA_DISABLED forbids to ask for them",
                      "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or unset AWS_EC2_METADATA_DISABLED");
  }
  auto request = metadata_request(std::string{address} + "api/token");
  request.method = "PUT";
  request.headers = {{"X-aws-ec2-metadata-token-ttl-seconds", "60"}};
  token_ = answer_of(http_, request, metadata_service()).reveal();
}

base::Secret AwsMetadata::read(const std::string& path) const {
  auto request = metadata_request(address + ("meta-data/" + path));
  request.headers = {{"X-aws-ec2-metadata-token", token_}};
  return answer_of(http_, request, metadata_service());
}

}  // namespace snowflake
