// SPDX-License-Identifier: Apache-2.0
#include "snowflake/result.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/local_address.hpp"
#include "base/text.hpp"
#include "net/gzip.hpp"
#include "net/url.hpp"

namespace snowflake {
namespace {

/// SHOW has lower-case column names, but that is not documented.
auto named(std::string_view name) {
  return [name](const Column& column) { return base::equals_ignoring_case(column.name, name); };
}

using base::Error;
using base::Kind;

/// In bytes, for one chunk, decompressed.
constexpr std::size_t max_chunk = 96U << 20;
/// In bytes, for all chunks, compressed.
constexpr std::size_t max_chunks = 128U << 20;
constexpr std::chrono::minutes chunk_timeout{10};

/// Headers that decide how a request is read and who gets it: the server must not set them.
bool is_reserved_header(std::string_view name) {
  constexpr auto names = std::to_array<std::string_view>(
      {"host", "connection", "keep-alive", "transfer-encoding", "content-length", "te", "trailer", "upgrade",
       "expect", "authorization", "proxy-authorization", "proxy-connection", "cookie"});
  return std::ranges::any_of(names,
                             [&](std::string_view each) { return base::equals_ignoring_case(each, name); });
}

bool is_valid_header(std::string_view name, std::string_view value) {
  return !name.empty() && name.find_first_of(" :") == std::string_view::npos &&
         !base::has_control_characters(name) && !base::has_control_characters(value);
}

std::vector<std::pair<std::string, std::string>> headers_in(const base::Json& data) {
  std::vector<std::pair<std::string, std::string>> headers;
  const auto& named = base::member(data, "chunkHeaders");
  if (named.is_object()) {
    for (const auto& [name, value] : named.items()) {
      if (!value.is_string() || is_reserved_header(name)) continue;
      const auto& text = value.get_ref<const std::string&>();
      if (!is_valid_header(name, text)) {
        throw Error(Kind::network, "Snowflake's answer contains an invalid header for the rest of the result",
                    "a proxy may have changed the answer; try again without it");
      }
      headers.emplace_back(name, text);
    }
    return headers;
  }
  if (const auto key = base::text_at(data, "qrmk")) {
    headers.emplace_back("x-amz-server-side-encryption-customer-algorithm", "AES256");
    headers.emplace_back("x-amz-server-side-encryption-customer-key", *key);
  }
  return headers;
}

/// An answer must not make this program send requests to services on this machine or its network, which may
/// trust local clients. An account that is there itself, such as a test server, may have its storage there,
/// too.
void require_storage(const std::string& url, const std::string& account_host) {
  net::UrlParts storage;
  try {
    storage = net::parse_url(url);
  } catch (const Error&) {
    throw Error(Kind::network, "Snowflake's answer contains an invalid URL for the rest of the result",
                "a proxy may have changed the answer; try again without it");
  }
  if (base::is_internal_address(account_host)) return;
  if (storage.scheme == "https" && !base::is_internal_address(storage.host)) return;
  throw Error(Kind::network,
              "Snowflake names " + base::printable(storage.host, 200) +
                  " as the storage of a result, which is not on the internet or not https",
              {"check host in the connection; a proxy or a captive portal may have answered instead",
               base::Needs::connection});
}

/// A chunk is an array without its brackets.
std::string as_array(std::string_view body) {
  std::string array = "[";
  if (net::is_gzip(body)) {
    net::gunzip(body, array, max_chunk);
  } else {
    array += body;
  }
  return array += "]";
}

/// Ten times as many as a Snowflake table may have.
constexpr std::size_t max_columns = 20'000;

/// Gets the events of the JSON parser. Rows are the elements of an array `depth` levels below the top.
class RowReader final : public nlohmann::json_sax<base::Json> {
public:
  RowReader(const RowHandler& take, int depth) : take_(take), depth_of_rows_(depth) {}

  bool null() override { return cell(std::nullopt); }
  bool boolean(bool value) override { return cell(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return cell(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return cell(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& text) override { return cell(text); }
  bool string(string_t& value) override { return cell(std::move(value)); }
  bool binary(binary_t&) override { return false; }

  bool start_object(std::size_t) override { return !is_in_rows() && open(); }
  bool end_object() override { return close(); }
  bool key(string_t& name) override {
    if (level_ == 1) {
      in_data_ = name == "data";
      in_rowset_ = false;
    }
    if (level_ == 2) in_rowset_ = in_data_ && name == "rowset";
    return true;
  }
  bool start_array(std::size_t) override {
    if (is_row()) return false;
    open();
    has_rows_ = has_rows_ || (inside() && level_ == depth_of_rows_ + 1);
    if (is_row()) row_.clear();
    return true;
  }
  bool end_array() override {
    if (is_row()) {
      take_(std::move(row_));
      row_ = {};
    }
    return close();
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

  /// Whether the array of rows was there, though it may be empty.
  bool has_rows() const { return has_rows_; }

private:
  bool open() {
    ++level_;
    return true;
  }
  bool close() {
    --level_;
    return true;
  }
  bool inside() const { return depth_of_rows_ == 0 || in_rowset_; }
  bool is_row() const { return inside() && level_ == depth_of_rows_ + 2; }
  /// Rows are arrays, and their cells are single values.
  bool is_in_rows() const { return inside() && level_ > depth_of_rows_; }
  bool cell(Cell&& value) {
    if (!is_row()) return !is_in_rows();
    if (row_.size() == max_columns) return false;
    row_.push_back(std::move(value));
    return true;
  }

  const RowHandler& take_;
  int depth_of_rows_;
  int level_ = 0;
  bool in_data_ = false;
  bool in_rowset_ = false;
  bool has_rows_ = false;
  std::vector<Cell> row_;
};

void read(std::string_view text, const RowHandler& take, int depth) {
  RowReader reader{take, depth};
  // A result without rows has an empty array: anything else must not look empty.
  if (!base::Json::sax_parse(text, &reader) || !reader.has_rows()) {
    throw base::Error(base::Kind::network, "part of the result is malformed", "run the command again");
  }
}

}  // namespace

Cell Result::at(std::size_t row, std::string_view column) const {
  const auto found = std::ranges::find_if(columns, named(column));
  if (found == columns.end()) return std::nullopt;
  return rows.at(row).at(static_cast<std::size_t>(found - columns.begin()));
}

bool Result::has(std::string_view column) const { return std::ranges::any_of(columns, named(column)); }

std::vector<base::Secret> fetch_chunks(net::HttpClient& http, const std::string& account_host,
                                       const base::Json& data) {
  std::vector<base::Secret> bodies;
  const auto& chunks = base::member(data, "chunks");
  if (!chunks.is_array()) return bodies;
  std::optional<std::vector<std::pair<std::string, std::string>>> headers;
  std::size_t left = max_chunks;
  for (const auto& chunk : chunks) {
    net::HttpRequest request;
    request.url = base::text_at(chunk, "url").value_or("");
    require_storage(request.url, account_host);
    if (!headers) headers = headers_in(data);
    request.headers = *headers;
    request.max_answer = left;
    request.timeout = chunk_timeout;
    auto response = http.send(request);
    if (response.status != 200) {
      throw Error(Kind::network,
                  "could not download part of the result: the storage answered with HTTP status " +
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

void read_rowset(std::string_view answer, const RowHandler& take) { read(answer, take, 2); }

void read_rows(std::string_view array, const RowHandler& take) { read(array, take, 0); }

}  // namespace snowflake
