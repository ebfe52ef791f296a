// SPDX-License-Identifier: Apache-2.0
#include "snowflake/auth/workload_identity/aws_signature.hpp"

#include "support/catch.hpp"

using snowflake::AwsRequest;

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

// What all cases of AWS's published suite for Signature Version 4 share.
const snowflake::AwsCredentials credentials{
    "AKIDEXAMPLE", base::Secret{"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}, {}};
const snowflake::AwsScope scope{base::TimePoint{std::chrono::seconds{1440938160}}, "us-east-1", "service"};

AwsRequest aws_request(const std::string& method, Pairs query, Pairs more_headers,
                       const std::string& body = {}) {
  AwsRequest result{method, std::move(query), {{"Host", "example.amazonaws.com"}}, base::Secret{body}};
  for (auto& header : more_headers) result.headers.push_back(std::move(header));
  return result;
}

}  // namespace

TEST_CASE("get-vanilla of AWS's test suite, in all three steps") {
  const auto vanilla = aws_request("GET", {}, {{"X-Amz-Date", "20150830T123600Z"}});
  CHECK(snowflake::canonical_request(vanilla) ==
        "GET\n/\n\nhost:example.amazonaws.com\nx-amz-date:20150830T123600Z\n\nhost;x-amz-date\n"
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(snowflake::string_to_sign(snowflake::canonical_request(vanilla), scope) ==
        "AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\n"
        "bb579772317eb040ac9ed261061d46c1f17a8133879d6129b6e1c25292927e63");
  CHECK(snowflake::authorization(vanilla, credentials, scope) ==
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        "SignedHeaders=host;x-amz-date, "
        "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
}

TEST_CASE("the signatures of AWS's test suite") {
  struct Case {
    const char* name;
    AwsRequest request;
    const char* signature;
  };
  const std::vector<Case> cases = {
      {"post-vanilla", aws_request("POST", {}, {}),
       "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
      {"get-vanilla-query-order-key-case",
       aws_request("GET", {{"Param2", "value2"}, {"Param1", "value1"}}, {}),
       "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
      {"get-vanilla-query-order-value", aws_request("GET", {{"Param1", "value2"}, {"Param1", "value1"}}, {}),
       "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694"},
      {"get-header-key-duplicate",
       aws_request("GET", {}, {{"My-Header1", "value2"}, {"My-Header1", "value2"}, {"My-Header1", "value1"}}),
       "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
      {"get-header-value-order",
       aws_request("GET", {},
                   {{"My-Header1", "value4"},
                    {"My-Header1", "value1"},
                    {"My-Header1", "value3"},
                    {"My-Header1", "value2"}}),
       "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"},
      {"get-header-value-trim",
       aws_request("GET", {}, {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}}),
       "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
      {"post-header-key-sort", aws_request("POST", {}, {{"My-Header1", "value1"}}),
       "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
      {"post-x-www-form-urlencoded",
       aws_request("POST", {}, {{"Content-Type", "application/x-www-form-urlencoded"}}, "Param1=value1"),
       "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
  };
  for (const auto& row : cases) {
    CAPTURE(row.name);
    auto copy = row.request;
    snowflake::sign(copy, credentials, scope);
    CHECK(copy.headers.back().second.ends_with(std::string{"Signature="} + row.signature));
  }
}

TEST_CASE("a session token is signed with the rest") {
  // post-sts-header-before of AWS's suite.
  auto request_with_token = aws_request("POST", {}, {});
  auto temporary = credentials;
  temporary.session_token = base::Secret{
      "AQoDYXdzEPT//////////"
      "wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/"
      "qkPpKPi/"
      "kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6"
      "d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz"
      "+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=="};
  snowflake::sign(request_with_token, temporary, scope);
  CHECK(request_with_token.headers.back().second.ends_with(
      "SignedHeaders=host;x-amz-date;x-amz-security-token, "
      "Signature=85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"));
}
