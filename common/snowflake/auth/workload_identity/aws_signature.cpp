// SPDX-License-Identifier: Apache-2.0
#include "snowflake/auth/workload_identity/aws_signature.hpp"

#include <algorithm>
#include <ctime>
#include <map>

#include "base/text.hpp"
#include "net/crypto.hpp"
#include "net/url.hpp"

namespace snowflake {
namespace {

constexpr const char* algorithm = "AWS4-HMAC-SHA256";
constexpr std::size_t date_size = 8;

/// 20150830T123600Z
std::string time_text(base::TimePoint at) {
  const std::time_t seconds = at.time_since_epoch().count();
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::string text(16, '\0');
  std::strftime(text.data(), text.size() + 1, "%Y%m%dT%H%M%SZ", &parts);
  return text;
}

std::string scope_text(const AwsScope& scope) {
  return time_text(scope.at).substr(0, date_size) + "/" + scope.region + "/" + scope.service +
         "/aws4_request";
}

/// Without white space around it, and with repeated spaces collapsed.
std::string trimmed(std::string_view value) {
  std::string result;
  for (const char c : base::trim(value)) {
    if (c != ' ' || !result.ends_with(' ')) result += c;
  }
  return result;
}

/// By name in lower case; several values of one name are joined in their order.
std::map<std::string, std::string> canonical_headers(const AwsRequest& request) {
  std::map<std::string, std::string> headers;
  for (const auto& [name, value] : request.headers) {
    const auto [entry, is_new] = headers.emplace(base::to_lower(name), trimmed(value));
    if (!is_new) entry->second += "," + trimmed(value);
  }
  return headers;
}

std::string signed_headers(const AwsRequest& request) {
  std::vector<std::string> names;
  for (const auto& [name, value] : canonical_headers(request)) names.push_back(name);
  return base::join(names, ";");
}

}  // namespace

std::string canonical_query(const AwsRequest& request) {
  std::vector<std::pair<std::string, std::string>> encoded;
  for (const auto& [name, value] : request.query)
    encoded.emplace_back(net::percent_encode(name), net::percent_encode(value));
  std::ranges::sort(encoded);
  std::vector<std::string> pieces;
  for (const auto& [name, value] : encoded) pieces.push_back(name + "=" + value);
  return base::join(pieces, "&");
}

std::string canonical_request(const AwsRequest& request) {
  std::string text = request.method + "\n/\n" + canonical_query(request) + "\n";
  for (const auto& [name, value] : canonical_headers(request)) text += name + ":" + value + "\n";
  return text + "\n" + signed_headers(request) + "\n" + base::to_hex(net::sha256(request.body.reveal()));
}

std::string string_to_sign(const std::string& canonical_request, const AwsScope& scope) {
  return std::string{algorithm} + "\n" + time_text(scope.at) + "\n" + scope_text(scope) + "\n" +
         base::to_hex(net::sha256(canonical_request));
}

std::string authorization(const AwsRequest& request, const AwsCredentials& credentials,
                          const AwsScope& scope) {
  auto key = base::Secret::join({"AWS4", credentials.secret_access_key.reveal()});
  for (const std::string& part :
       {time_text(scope.at).substr(0, date_size), scope.region, scope.service, std::string{"aws4_request"}}) {
    key = base::Secret{net::hmac_sha256(key.reveal(), part)};
  }
  return std::string{algorithm} + " Credential=" + credentials.access_key_id + "/" + scope_text(scope) +
         ", SignedHeaders=" + signed_headers(request) + ", Signature=" +
         base::to_hex(net::hmac_sha256(key.reveal(), string_to_sign(canonical_request(request), scope)));
}

void sign(AwsRequest& request, const AwsCredentials& credentials, const AwsScope& scope) {
  request.headers.emplace_back("X-Amz-Date", time_text(scope.at));
  if (!credentials.session_token.empty())
    request.headers.emplace_back("X-Amz-Security-Token", credentials.session_token.reveal());
  request.headers.emplace_back("Authorization", authorization(request, credentials, scope));
}

}  // namespace snowflake
