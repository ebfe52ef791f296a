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
#include "config/connection.hpp"
#include "net/http.hpp"
#include "snowflake/codes.hpp"

namespace snowflake {

/// An answer from an account, in the envelope that all answers share (`snowflake/PROTOCOL.md` 2.2, 2.3).
struct Answer {
  bool success = false;
  std::string code;  ///< as text, also when it was sent as a number; empty for null
  std::string message;
  base::Json data;                                  ///< without the rows when those are streamed
  base::Secret text;                                ///< the whole body when rows are streamed, else empty
  std::optional<base::TimePoint> server_time = {};  ///< from the Date header
  std::string request_id = {};                      ///< of the attempt that was answered
  bool is_approved = false;                         ///< the user approved the login on a phone

  /// Throws the refusal (`codes.hpp`) unless this is a success. `login` is the command that logs in.
  const Answer& or_refusal(std::string_view login = default_login) const;
};

/// The path of a request, and how its retries are marked (`snowflake/PROTOCOL.md` 2.1, 4.1, 6).
struct Endpoint {
  std::string_view path;
  std::string_view accept;
  bool is_login = false;  ///< the parameter is called request_id, and every attempt has a new one
  bool is_query = false;  ///< retries have the same request id and a counter, so that nothing runs twice
};

/// Logs in, or continues a login.
inline constexpr Endpoint login_endpoint{"/session/v1/login-request", "application/snowflake", true, false};
inline constexpr Endpoint authenticator_endpoint{"/session/authenticator-request", "application/json", false,
                                                 false};
inline constexpr Endpoint token_endpoint{"/session/token-request", "application/json", false, false};
inline constexpr Endpoint session_endpoint{"/session", "application/json", false, false};
inline constexpr Endpoint heartbeat_endpoint{"/session/heartbeat", "application/json", false, false};
inline constexpr Endpoint query_endpoint{"/queries/v1/query-request", "application/snowflake", false, true};
inline constexpr Endpoint abort_endpoint{"/queries/v1/abort-request", "application/snowflake", false, false};

/// A request to an account.
struct Call {
  const Endpoint& endpoint;
  std::vector<std::pair<std::string, std::string>> query;
  std::optional<base::Json> body;  ///< a GET request when absent
  base::Secret token;              ///< for the Authorization header: Snowflake Token="…"
  net::RetryMode retry_mode = net::RetryMode::always;
  std::chrono::milliseconds timeout = std::chrono::seconds{60};
  std::optional<std::chrono::milliseconds> retry_for = {};  ///< see `net::HttpRequest`
  bool stream_rows = false;     ///< leave `data.rowset` unparsed, and allow a large answer
  std::string request_id = {};  ///< for all attempts, even of a login; random when empty
  /// Makes the body of a retry, with a credential that is not stale; the same body is sent when empty.
  std::function<base::Json()> renewed_body = {};
};

/// Sends requests to one account in the same way as Snowflake's drivers.
class Api {
public:
  Api(net::HttpClient& http, base::Clock& clock, config::Account account)
      : http_(http), clock_(clock), account_(std::move(account)) {}

  /// Throws `network` when there is no answer or a malformed one, and `denied` for an HTTP status that is a
  /// refusal. Follows redirects (307 and 308) within Snowflake's domain only.
  Answer send(const Call&);

  const config::Account& account() const noexcept { return account_; }
  /// The code and message of the last request that was refused; empty when none was.
  const std::string& last_refusal() const noexcept { return last_refusal_; }
  /// For requests to other hosts: the chunks of a large result.
  net::HttpClient& http() noexcept { return http_; }

private:
  net::HttpResponse send_following_redirects(net::HttpRequest request);

  net::HttpClient& http_;
  base::Clock& clock_;
  config::Account account_;
  std::string last_refusal_;
};

/// The value of the Authorization header for a session or master token.
base::Secret authorization_header(const base::Secret& token);

/// `PythonConnector/<version> (Linux-<machine>) docker-credential-snowflake/<version>`
std::string user_agent();
/// The `data` of a login request, as far as it describes the account and this client. CLIENT_ENVIRONMENT is
/// free text for Snowflake's statistics, with this program's own name.
base::Json client_data(const config::Account&);

/// The lifetime of a token, from a field in seconds. Accepts a number or a string of digits; values above
/// `max` become `max`, and zero or less means that it has expired. A missing or malformed field counts as one
/// minute, because the token has just arrived.
std::chrono::seconds lifetime_at(const base::Json& data, std::string_view field, std::chrono::seconds max);

/// The same, with `fallback` for a missing field: for tokens that are replaced when they are refused.
std::chrono::seconds lifetime_at(const base::Json& data, std::string_view field, std::chrono::seconds max,
                                 std::chrono::seconds fallback);

/// The maximum lifetimes of session and master tokens.
inline constexpr std::chrono::seconds max_token_life = std::chrono::hours{4};
inline constexpr std::chrono::seconds max_master_life = std::chrono::hours{24};

}  // namespace snowflake
