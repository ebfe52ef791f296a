// SPDX-License-Identifier: Apache-2.0
#include "registry_client.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "net/crypto.hpp"
#include "net/url.hpp"

namespace plugin {
namespace {

using base::Error;
using base::Kind;

constexpr int page = 10;

base::Json answer_of(net::HttpResponse& response, const std::string& what) {
  const auto json = base::parse_json(response.body.reveal());
  if (response.status == 200 && json) return *json;
  throw Error(response.status == 200 ? Kind::network : Kind::denied,
              what + ": HTTP status " + std::to_string(response.status) + ", " +
                  base::printable(response.body.reveal(), 200),
              "check the role of the connection: it needs READ on the image repository");
}

}  // namespace

RegistryClient::RegistryClient(net::HttpClient& http, std::string host, const token::RegistryToken& token,
                               base::TimePoint now)
    : http_(http), host_(std::move(host)) {
  const auto credential = token.credential_for(host_, now);
  net::HttpRequest request;
  request.url = "https://" + host_ + "/login";
  request.authorization = base::Secret{
      "Basic " + net::base64(credential.username + ":" + std::string{credential.secret.reveal()})};
  auto response = http_.send(request);
  const auto json = answer_of(response, "Failed to login to the repository");
  authorization_ = base::Secret{"Bearer " + base::text_at(json, "token").value_or("")};
}

std::vector<std::string> RegistryClient::tags(const std::string& path, const std::string& image) {
  std::vector<std::string> tags;
  const std::string url =
      "https://" + host_ + "/v2/" + path + "/" + image + "/tags/list?n=" + std::to_string(page);
  for (bool more = true; more;) {
    net::HttpRequest request;
    request.url = tags.empty() ? url : url + "&last=" + net::percent_encode(tags.back());
    request.authorization = authorization_;
    auto response = http_.send(request);
    const auto json = answer_of(response, "Call to the registry failed");
    const auto before = tags.size();
    for (const auto& tag : base::member(json, "tags")) {
      if (tag.is_string()) tags.push_back(tag.get<std::string>());
    }
    // A page that adds nothing would come again for ever.
    more = response.headers.contains("link") && tags.size() > before;
  }
  return tags;
}

}  // namespace plugin
