// SPDX-License-Identifier: Apache-2.0
#include "snowflake/chunks.hpp"

#include "net/gzip.hpp"

namespace snowflake {
namespace {

using base::Error;
using base::Kind;

constexpr std::size_t max_chunk = 256U << 20;
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

std::vector<base::Secret> fetch_chunks(net::HttpClient& http, const base::Json& data) {
  std::vector<base::Secret> bodies;
  const auto& chunks = base::member(data, "chunks");
  if (!chunks.is_array()) return bodies;
  const auto headers = headers_in(data);
  for (const auto& chunk : chunks) {
    net::HttpRequest request;
    request.url = base::text_at(chunk, "url").value_or("");
    request.headers = headers;
    request.max_answer = max_chunk;
    request.timeout = timeout;
    auto response = http.send(request);
    if (response.status != 200) {
      throw Error(Kind::network,
                  "a part of the result cannot be had: the storage answered with HTTP status " +
                      std::to_string(response.status),
                  "run the command again");
    }
    bodies.push_back(std::move(response.body));
  }
  return bodies;
}

void read_chunk(const base::Secret& chunk, const RowHandler& take) {
  read_rows(as_array(chunk.reveal()), take);
}

}  // namespace snowflake
