// SPDX-License-Identifier: Apache-2.0
#include "snowflake/api.hpp"

#include <sys/utsname.h>
#include <algorithm>

#include "base/text.hpp"
#include "net/crypto.hpp"
#include "net/url.hpp"
#include "version.hpp"

namespace snowflake {
namespace {

using base::Error;
using base::Kind;

constexpr int max_redirects = 3;
/// Of a result; a larger one comes in parts.
constexpr std::size_t max_rows = 64U << 20;
/// Of an answer about sessions and tokens, which has a few kilobytes.
constexpr std::size_t max_answer = 64U << 10;

/// `com` or `cn` for a host of Snowflake, else nothing.
std::string_view snowflake_domain(std::string_view host) {
  for (const std::string_view domain : {".snowflakecomputing.com", ".snowflakecomputing.cn"}) {
    if (host.ends_with(domain)) return domain;
  }
  return {};
}

bool may_follow(const std::string& from, const std::string& to) {
  const auto source = net::parse_url(from);
  const auto target = net::parse_url(to);
  if (target.scheme != source.scheme) return false;
  if (target.host == source.host) return target.port == source.port;
  return !snowflake_domain(source.host).empty() &&
         snowflake_domain(source.host) == snowflake_domain(target.host);
}

/// The address that a `Location` of an answer to `url` means (RFC 9110, 10.2.2); a path stays on the same
/// host.
std::string absolute(const std::string& location, const std::string& url) {
  if (!location.starts_with('/') || location.starts_with("//")) return location;
  return url.substr(0, url.find('/', url.find("://") + 3)) + location;
}

struct Attempt {
  std::string request_id;
  base::TimePoint started;
  int number = 1;
  int last_status = 0;
};

std::string url_of(const config::Account& account, const Call& call, const Attempt& attempt) {
  // The port is written out, as the drivers do, even when it is 443.
  std::string url = account.protocol + "://" + account.host + ":" + std::to_string(account.port);
  url += call.endpoint.path;
  char separator = url.find('?') == std::string::npos ? '?' : '&';
  const auto add = [&](std::string_view name, const std::string& value) {
    url += separator;
    url += name;
    url += "=" + net::percent_encode(value);
    separator = '&';
  };
  // Asking for the outcome of a statement is no request of its own.
  if (call.body) add(call.endpoint.is_login ? "request_id" : "requestId", attempt.request_id);
  for (const auto& [name, value] : call.query) add(name, value);
  if (call.endpoint.is_query && attempt.number > 1) {
    add("clientStartTime",
        std::to_string(std::chrono::milliseconds{attempt.started.time_since_epoch()}.count()));
    add("retryCount", std::to_string(attempt.number - 1));
    add("retryReason", std::to_string(attempt.last_status));
  }
  // The Python connector sends this to Snowflake's own hosts only.
  if (!snowflake_domain(account.host).empty()) add("request_guid", net::random_uuid());
  return url;
}

std::optional<base::TimePoint> server_time_in(const net::HttpResponse& response) {
  const auto date = response.headers.find("date");
  return date == response.headers.end() ? std::nullopt : net::parse_http_date(date->second);
}

std::string text_of(const base::Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_integer()) return std::to_string(value.get<std::int64_t>());
  return {};
}

[[noreturn]] void fail_status(int status, const config::Account& account) {
  const std::string where = account.host + " answered with HTTP status " + std::to_string(status);
  switch (status) {
    case 401:
      throw Error(Kind::denied, where + " (unauthorized)", "docker snowflake login");
    case 403:
      // The same for every user who asks from here.
      throw Error(Kind::denied,
                  where + " (forbidden): there is no account '" + account.name +
                      "', or it cannot be reached from here",
                  "check account and host in the connection, and whether a network policy or a VPN is needed",
                  base::transient);
    case 404:
      throw Error(Kind::network, where + " (not found): this is not a Snowflake account",
                  "check account and host in the connection");
    case 407:
      throw Error(Kind::network, "the proxy wants a user name and a password", "write them into https_proxy");
    default:
      throw Error(Kind::network, where, "try again; https://status.snowflake.com tells about outages");
  }
}

}  // namespace

const Answer& Answer::or_refusal(std::string_view login) const {
  if (!success) throw refusal(code, message, login);
  return *this;
}

net::HttpResponse Api::send_following_redirects(net::HttpRequest request) {
  for (int redirects = 0;; ++redirects) {
    auto response = http_.send(request);
    if (response.status < 300 || response.status >= 400) return response;
    const auto location = response.headers.find("location");
    const bool keeps_the_request = response.status == 307 || response.status == 308;
    const auto target = location == response.headers.end() ? "" : absolute(location->second, request.url);
    if (!keeps_the_request || target.empty() || redirects == max_redirects ||
        !may_follow(request.url, target)) {
      throw Error(
          Kind::network,
          account_.host + " sends requests elsewhere (HTTP status " + std::to_string(response.status) +
              "), where they must not go",
          "check account and host in the connection; a proxy or a captive portal may answer in its place");
    }
    request.url = target;
  }
}

Answer Api::send(const Call& call) {
  Attempt attempt{call.request_id.empty() ? net::random_uuid() : call.request_id, clock_.now()};
  const auto prepare = [&](net::HttpRequest& request) {
    request.url = url_of(account_, call, attempt);
    if (!call.body) return;
    request.body = base::Secret{base::dump_json(call.body())};
  };
  net::HttpRequest request;
  request.method = call.body ? "POST" : "GET";
  request.max_answer = call.stream_rows ? max_rows : max_answer;
  request.headers = {{"Content-Type", "application/json"},
                     {"accept", std::string{call.endpoint.accept}},
                     {"User-Agent", user_agent()}};
  request.authorization = base::Secret{"Snowflake Token=\"" + std::string{call.token.reveal()} + "\""};
  request.retry_mode = call.retry_mode;
  request.timeout = call.timeout;
  request.retry_for = call.retry_for;
  request.before_retry = [&](net::HttpRequest& again, int number, int last_status) {
    attempt.number = number;
    attempt.last_status = last_status;
    if (call.endpoint.is_login && call.request_id.empty()) attempt.request_id = net::random_uuid();
    prepare(again);
  };
  prepare(request);

  auto response = send_following_redirects(std::move(request));
  if (response.status != 200) fail_status(response.status, account_);
  const auto json = call.stream_rows ? base::parse_json_without(response.body.reveal(), "data", "rowset")
                                     : base::parse_json(response.body.reveal());
  if (!json || !base::member(*json, "success").is_boolean()) {
    throw Error(Kind::network, account_.host + " answered with something that is not Snowflake's JSON",
                "check host in the connection; a proxy or a captive portal may answer in its place");
  }
  Answer answer{base::member(*json, "success").get<bool>(),
                text_of(base::member(*json, "code")),
                text_of(base::member(*json, "message")),
                base::member(*json, "data"),
                call.stream_rows ? std::move(response.body) : base::Secret{},
                server_time_in(response),
                attempt.request_id};
  if (!answer.success) last_refusal_ = refusal(answer.code, answer.message).what();
  return answer;
}

std::string user_agent() {
  utsname system{};
  uname(&system);
  return std::string{client_app_id} + "/" + client_app_version + " (" +
         static_cast<const char*>(system.sysname) + "-" + static_cast<const char*>(system.machine) +
         ") docker-credential-snowflake/" + std::string{version};
}

base::Json client_environment() {
  utsname system{};
  uname(&system);
  return {{"APPLICATION", "docker-credential-snowflake"},
          {"OS", static_cast<const char*>(system.sysname)},
          {"OS_VERSION", static_cast<const char*>(system.release)},
          {"ISA", static_cast<const char*>(system.machine)},
          {"OCSP_MODE", "INSECURE"}};
}

std::chrono::seconds lifetime_at(const base::Json& data, std::string_view field, std::chrono::seconds most) {
  constexpr std::chrono::seconds unknown{60};
  const auto seconds = base::whole_number_at(data, field);
  if (!seconds) {
    const auto& value = base::member(data, field);
    // A number that does not fit: a long life, or one that is long over.
    if (value.is_number()) return value.get<double>() > 0 ? most : std::chrono::seconds::zero();
    return unknown;
  }
  return std::min(std::chrono::seconds{*seconds}, most);
}

std::chrono::seconds lifetime_at(const base::Json& data, std::string_view field, std::chrono::seconds most,
                                 std::chrono::seconds usual) {
  return base::member(data, field).is_null() ? usual : lifetime_at(data, field, most);
}

}  // namespace snowflake
