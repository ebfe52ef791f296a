// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/secret.hpp"
#include "config/account.hpp"
#include "net/http.hpp"
#include "snowflake/codes.hpp"

namespace snowflake {

/// What an account answered to a request: the envelope that all of them share
/// (`snowflake/PROTOCOL.md` 2.2, 2.3).
struct Answer {
  bool success = false;
  std::string code;  ///< text, whether it came as text or as a number; empty for null
  std::string message;
  base::Json data;                                  ///< without the rows when these are read apart
  base::Secret text;                                ///< the whole, when rows are to be read apart
  std::optional<base::TimePoint> server_time = {};  ///< by the clock of whoever answered
  std::string request_id = {};                      ///< of the attempt that was answered

  /// Throws the refusal (`codes.hpp`) unless this is a success. `login`: the command that signs in.
  const Answer& or_refusal(std::string_view login = default_login) const;
};

/// Where a request goes, and how it is told from its repetitions (`snowflake/PROTOCOL.md` 2.1, 4.1, 6).
struct Endpoint {
  std::string_view path;
  std::string_view accept;
  bool is_login = false;  ///< the parameter is spelled request_id, and every attempt is a new request
  bool is_query = false;  ///< attempts count themselves, under one request id, so that nothing runs twice
};

inline constexpr Endpoint login_endpoint{"/session/v1/login-request", "application/snowflake", true, false};
inline constexpr Endpoint authenticator_endpoint{"/session/authenticator-request", "application/json", false,
                                                 false};
inline constexpr Endpoint token_endpoint{"/session/token-request", "application/json", false, false};
inline constexpr Endpoint session_endpoint{"/session", "application/json", false, false};
inline constexpr Endpoint heartbeat_endpoint{"/session/heartbeat", "application/json", false, false};
inline constexpr Endpoint query_endpoint{"/queries/v1/query-request", "application/snowflake", false, true};
inline constexpr Endpoint abort_endpoint{"/queries/v1/abort-request", "application/snowflake", false, false};

struct Call {
  const Endpoint& endpoint;
  std::vector<std::pair<std::string, std::string>> query;
  std::function<base::Json()> body;  ///< made anew for every attempt; a GET when there is none
  base::Secret token;                ///< for the header Authorization: Snowflake Token="…"
  net::RetryMode retry_mode = net::RetryMode::always;
  std::chrono::milliseconds timeout = std::chrono::seconds{60};
  std::optional<std::chrono::milliseconds> retry_for = {};  ///< see `net::HttpRequest`
  bool stream_rows = false;     ///< `data.rowset` is not to become a tree; the answer may be long, then
  std::string request_id = {};  ///< one for every attempt, also at sign-in; else a random one
};

/// Sends requests to one account the way Snowflake's drivers do.
class Api {
public:
  Api(net::HttpClient& http, base::Clock& clock, config::Account account)
      : http_(http), clock_(clock), account_(std::move(account)) {}

  /// Throws `network` when there is no answer that makes sense, and `denied` for an HTTP status that is a
  /// refusal. Follows 307 and 308 within Snowflake's domain only.
  Answer send(const Call&);

  const config::Account& account() const noexcept { return account_; }
  /// Code and words of the last request that was refused; empty when none was.
  const std::string& last_refusal() const noexcept { return last_refusal_; }
  /// For what does not go to the account itself: the parts of a large result.
  net::HttpClient& http() noexcept { return http_; }

private:
  net::HttpResponse send_following_redirects(net::HttpRequest request);

  net::HttpClient& http_;
  base::Clock& clock_;
  config::Account account_;
  std::string last_refusal_;
};

/// The registry takes tokens of sessions that say they are Snowflake's Python connector, and refused those of
/// another client (`snowflake/PROTOCOL.md` 2.4): the next generation of official drivers signs in under this
/// name as well.
inline constexpr const char* client_app_id = "PythonConnector";
/// Of the connector whose requests these are. Feature gates want digits and dots.
inline constexpr const char* client_app_version = "4.7.5";

/// `PythonConnector/<version> (Linux-<machine>) docker-credential-snowflake/<version>`
std::string user_agent();
/// CLIENT_ENVIRONMENT of a sign-in: free text for Snowflake's statistics, in which we use our own name.
base::Json client_environment();

/// How long a token lives, out of a field that says so in seconds. A server may send anything: a number in
/// text is read, a life of zero or less stays what it is (over), more than `most` is cut, and a field that is
/// missing or makes no sense counts as one minute, because the token itself has just arrived.
std::chrono::seconds lifetime_at(const base::Json& data, std::string_view field, std::chrono::seconds most);

/// The same for what may be refused at any time and is then replaced: `usual` when the server says nothing.
std::chrono::seconds lifetime_at(const base::Json& data, std::string_view field, std::chrono::seconds most,
                                 std::chrono::seconds usual);

inline constexpr std::chrono::seconds max_token_life = std::chrono::hours{4};
inline constexpr std::chrono::seconds max_master_life = std::chrono::hours{24};

}  // namespace snowflake
