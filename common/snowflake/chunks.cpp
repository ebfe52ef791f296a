// SPDX-License-Identifier: Apache-2.0
#include "snowflake/chunks.hpp"

#include "base/loopback.hpp"
#include "base/text.hpp"
#include "net/gzip.hpp"
#include "net/url.hpp"

namespace snowflake {
namespace {

using base::Error;
using base::Kind;

/// Of one part, unpacked.
constexpr std::size_t max_chunk = 96U << 20;
/// Of all parts, as they come.
constexpr std::size_t max_chunks = 128U << 20;
constexpr std::chrono::minutes timeout{10};

std::vector<std::pair<std::string, std::string>> headers_in(const base::Json& data) {
  std::vector<std::pair<std::string, std::string>> headers;
  const auto& named = base::member(data, "chunkHeaders");
  if (named.is_object()) {
    for (const auto& [name, value] : named.items()) {
      if (value.is_string()) headers.emplace_back(name, value.get<std::string>());
    }
    return headers;
  }
  if (const auto key = base::text_at(data, "qrmk")) {
    headers.emplace_back("x-amz-server-side-encryption-customer-algorithm", "AES256");
    headers.emplace_back("x-amz-server-side-encryption-customer-key", *key);
  }
  return headers;
}

/// An answer must not lead to services of this machine or of its network, which trust who is near. An account
/// that is there itself, such as a stand-in for tests, has its storage there, too.
void require_storage(const std::string& url, const std::string& account_host) {
  const auto storage = net::parse_url(url);
  if (base::is_internal_address(account_host)) return;
  if (storage.scheme == "https" && !base::is_internal_address(storage.host)) return;
  throw Error(Kind::network,
              "Snowflake names " + base::printable(storage.host, 200) +
                  " as the storage of a result, which is not on "
                  "the internet or not https",
              "check host in the connection; a proxy or a captive portal may answer in its place");
}

/// A part is an array without its brackets.
std::string as_array(std::string_view body) {
  std::string array = "[";
  if (net::is_gzip(body)) {
    net::gunzip(body, array, max_chunk);
  } else {
    array += body;
  }
  return array += "]";
}

}  // namespace

std::vector<base::Secret> fetch_chunks(net::HttpClient& http, const std::string& account_host,
                                       const base::Json& data) {
  std::vector<base::Secret> bodies;
  const auto& chunks = base::member(data, "chunks");
  if (!chunks.is_array()) return bodies;
  const auto headers = headers_in(data);
  std::size_t left = max_chunks;
  for (const auto& chunk : chunks) {
    net::HttpRequest request;
    request.url = base::text_at(chunk, "url").value_or("");
    require_storage(request.url, account_host);
    request.headers = headers;
    request.max_answer = left;
    request.timeout = timeout;
    auto response = http.send(request);
    if (response.status != 200) {
      throw Error(Kind::network,
                  "a part of the result cannot be had: the storage answered with HTTP status " +
                      std::to_string(response.status),
                  "run the command again");
    }
    left -= response.body.reveal().size();
    bodies.push_back(std::move(response.body));
  }
  return bodies;
}

void read_chunk(const base::Secret& chunk, const RowHandler& take) {
  read_rows(as_array(chunk.reveal()), take);
}

}  // namespace snowflake
