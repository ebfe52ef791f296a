// SPDX-License-Identifier: Apache-2.0
#include "snowflake/api.hpp"

#include <sys/utsname.h>

#include <algorithm>

#include "base/text.hpp"
#include "config/account.hpp"
#include "net/crypto.hpp"
#include "net/url.hpp"
#include "version.hpp"

namespace snowflake {
namespace {

using base::Error;
using base::Kind;

/// The registry accepts only tokens from sessions of clients that it knows, such as Snowflake's Python
/// connector (`snowflake/PROTOCOL.md` 2.4). Snowflake's next generation of drivers also logs in under this
/// name.
constexpr const char* client_app_id = "PythonConnector";
/// The version of the connector that these requests follow. Snowflake's feature gates require digits and
/// dots.
constexpr const char* client_app_version = "4.7.5";

constexpr int max_redirects = 3;
/// In bytes, for a query result; larger results are split into chunks.
constexpr std::size_t max_rows = 64U << 20;
/// In bytes, for answers about sessions and tokens, which are a few kilobytes long.
constexpr std::size_t max_answer = 64U << 10;

/// A registry has no logins.
bool is_registry(std::string_view host) {
  const auto labels = base::split(host, '.');
  return std::ranges::find(labels, "registry") != labels.end();
}

/// Whether a URL has a user before its host, which this program did not choose.
bool has_user(std::string_view url) {
  const auto authority = url.find("://") + 3;
  return url.substr(0, url.find_first_of("/?#", authority)).find('@') != std::string_view::npos;
}

/// Only within the Snowflake domain of the connection, because the request contains credentials.
bool may_follow(const net::UrlParts& source, const net::UrlParts& target) {
  if (target.scheme != source.scheme || target.port != source.port || is_registry(target.host)) return false;
  const auto domain = config::snowflake_domain(source.host);
  return target.host == source.host || (!domain.empty() && domain == config::snowflake_domain(target.host));
}

/// Where a redirect from `url` leads (RFC 9110, 10.2.2 and 15.4). Empty when the same request may not be sent
/// there.
std::string redirect_target(const net::HttpResponse& response, const std::string& url) {
  const auto location = response.header("location");
  const bool preserves_request = response.status == 307 || response.status == 308;
  if (!preserves_request || location.empty()) return {};
  try {
    auto target = net::resolve_url(url, location);
    return !has_user(target) && may_follow(net::parse_url(url), net::parse_url(target)) ? target : "";
  } catch (const Error&) {
    return {};  // The URL from the server is not valid; the connection is not at fault.
  }
}

/// Whether a body is empty or the beginning of JSON, rather than the page of a captive portal.
bool is_cut_off(std::string_view body) {
  body = base::trim(body);
  return body.empty() || (body.front() == '{' && body.back() != '}');
}

struct Attempt {
  std::string request_id;
  base::TimePoint started;
  int number = 1;
  int last_status = 0;
};

std::string url_of(const config::Account& account, const Call& call, const Attempt& attempt) {
  std::string url = account.base_url();
  url += call.endpoint.path;
  const auto add = [&](std::string_view name, std::string_view value) { net::add_query(url, name, value); };
  // Polling for the result of a statement is not a new request.
  if (call.body) add(call.endpoint.is_login ? "request_id" : "requestId", attempt.request_id);
  for (const auto& [name, value] : call.query) add(name, value);
  if (call.endpoint.is_query && attempt.number > 1) {
    add("clientStartTime",
        std::to_string(std::chrono::milliseconds{attempt.started.time_since_epoch()}.count()));
    add("retryCount", std::to_string(attempt.number - 1));
    add("retryReason", std::to_string(attempt.last_status));
  }
  // The Python connector sends this to Snowflake's own hosts only.
  if (config::is_snowflake_host(account.host)) add("request_guid", net::random_uuid());
  return url;
}

/// Whether a request is a part of a login, and has no session token yet.
bool is_part_of_login(const Call& call) {
  return call.endpoint.is_login || call.endpoint.path == authenticator_endpoint.path;
}

std::optional<base::TimePoint> server_time_in(const net::HttpResponse& response) {
  const auto date = response.header("date");
  return date.empty() ? std::nullopt : net::parse_http_date(date);
}

std::string text_of(const base::Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_integer()) return std::to_string(value.get<std::int64_t>());
  return {};
}

[[noreturn]] void fail_status(int status, const config::Account& account) {
  const std::string where = account.host + " answered with HTTP status " + std::to_string(status);
  const auto check_connection = [](const char* text) {
    return base::NextStep{text, base::Needs::connection}.about({"account"});
  };
  const auto other_server = check_connection(
      "check account and host in the connection; a proxy or a captive portal may have answered instead");
  switch (status) {
    case 401:
      throw Error(Kind::denied, where + " (unauthorized)", other_server);
    case 403:
      // The same for every user on this network.
      throw Error(
          Kind::denied,
          where + " (forbidden): there is no account '" + account.name +
              "', or it does not allow this network",
          check_connection("check account and host in the connection; the account's network policy may "
                           "require a VPN"),
          base::transient);
    case 404:
      throw Error(Kind::network, where + " (not found): this is not a Snowflake account",
                  check_connection("check account and host in the connection"));
    case 408:
    case 429:
      throw Error(Kind::network, where, "try again later: Snowflake receives too many requests");
    case 407:
      throw Error(Kind::network, "the proxy requires a user name and a password",
                  "set https_proxy to http://<user>:<password>@<proxy>");
    default:
      throw Error(Kind::network, where, status < 500 ? other_server : base::outage_hint);
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
    auto target = redirect_target(response, request.url);
    if (target.empty() || redirects == max_redirects) {
      throw Error(
          Kind::network,
          account_.host + " answered with a redirect that is not allowed (HTTP status " +
              std::to_string(response.status) + ")",
          {"check account and host in the connection; a proxy or a captive portal may have answered instead",
           base::Needs::connection});
    }
    request.url = std::move(target);
  }
}

Answer Api::send(const Call& call) {
  Attempt attempt{call.request_id.empty() ? net::random_uuid() : call.request_id, clock_.now()};
  net::HttpRequest request;
  request.url = url_of(account_, call, attempt);
  request.method = call.body ? "POST" : "GET";
  if (call.body) request.body = base::Secret{base::dump_json(*call.body)};
  request.max_answer = call.stream_rows ? max_rows : max_answer;
  request.headers = {{"Content-Type", "application/json"},
                     {"accept", std::string{call.endpoint.accept}},
                     {"User-Agent", user_agent()}};
  request.authorization = authorization_header(call.token);
  request.retry_mode = call.retry_mode;
  request.timeout = call.timeout;
  request.retry_for = call.retry_for;
  request.before_retry = [&](net::HttpRequest& again, int number, int last_status) {
    attempt.number = number;
    attempt.last_status = last_status;
    if (call.endpoint.is_login && call.request_id.empty()) attempt.request_id = net::random_uuid();
    again.url = url_of(account_, call, attempt);
    if (call.renewed_body) again.body = base::Secret{base::dump_json(call.renewed_body())};
  };

  const auto parse = [&](const net::HttpResponse& from) {
    if (from.status != 200) fail_status(from.status, account_);
    return call.stream_rows ? base::parse_json_without(from.body.reveal(), "data", "rowset")
                            : base::parse_json(from.body.reveal());
  };
  auto response = send_following_redirects(request);
  // What Snowflake's next generation of drivers takes for an expired session (2.3).
  if (response.status == 401 && !is_part_of_login(call)) {
    last_refusal_ = account_.host + " answered with HTTP status 401 (unauthorized)";
    return {false, std::string{code::session_expired}, last_refusal_, {}, {}};
  }
  auto json = parse(response);
  // The answer was cut off on the way; the official connectors also repeat such a request.
  if (!json && call.retry_mode == net::RetryMode::always && is_cut_off(response.body.reveal())) {
    request.before_retry(request, attempt.number + 1, response.status);
    response = send_following_redirects(request);
    json = parse(response);
  }
  if (!json || !base::member(*json, "success").is_boolean()) {
    throw Error(Kind::network, account_.host + " did not answer with JSON from Snowflake",
                {"check host in the connection; a proxy or a captive portal may have answered instead",
                 base::Needs::connection});
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

base::Secret authorization_header(const base::Secret& token) {
  return base::Secret::join({"Snowflake Token=\"", token.reveal(), "\""});
}

std::string user_agent() {
  utsname system{};
  uname(&system);
  return std::string{client_app_id} + "/" + client_app_version + " (" +
         static_cast<const char*>(system.sysname) + "-" + static_cast<const char*>(system.machine) +
         ") docker-credential-snowflake/" + std::string{version};
}

base::Json client_data(const config::Account& account) {
  utsname system{};
  uname(&system);
  return {{"CLIENT_APP_ID", client_app_id},
          {"CLIENT_APP_VERSION", client_app_version},
          {"SVN_REVISION", nullptr},
          {"ACCOUNT_NAME", account.name},
          {"CLIENT_ENVIRONMENT",
           {{"APPLICATION", "docker-credential-snowflake"},
            {"OS", static_cast<const char*>(system.sysname)},
            {"OS_VERSION", static_cast<const char*>(system.release)},
            {"ISA", static_cast<const char*>(system.machine)},
            {"OCSP_MODE", "INSECURE"}}}};
}

std::chrono::seconds lifetime_at(const base::Json& data, std::string_view field, std::chrono::seconds max) {
  constexpr std::chrono::seconds unknown{60};
  const auto seconds = base::whole_number_at(data, field);
  if (!seconds) {
    const auto& value = base::member(data, field);
    // A number that does not fit into an integer.
    if (value.is_number()) return value.get<double>() > 0 ? max : std::chrono::seconds::zero();
    return unknown;
  }
  return std::clamp(std::chrono::seconds{*seconds}, std::chrono::seconds::zero(), max);
}

std::chrono::seconds lifetime_at(const base::Json& data, std::string_view field, std::chrono::seconds max,
                                 std::chrono::seconds fallback) {
  return base::member(data, field).is_null() ? fallback : lifetime_at(data, field, max);
}

}  // namespace snowflake
