// SPDX-License-Identifier: Apache-2.0
#include "snowflake/session.hpp"

#include <algorithm>

#include "snowflake/api.hpp"
#include "snowflake/codes.hpp"

namespace snowflake {
namespace {

using base::Error;
using base::Json;
using base::Kind;

constexpr std::int64_t record_version = 2;
constexpr std::string_view results_path = "/api/v2/results/";
constexpr int max_polls = 60;

bool is_token(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

base::Secret secret_at(const Json& data, std::string_view field) {
  return base::Secret{base::text_at(data, field).value_or("")};
}

SessionStatus rest_status(const RestAnswer& answer) {
  if (answer.status != 401) return SessionStatus::done;
  const auto& code = base::member(answer.body, "code");
  const std::string text = code.is_string() ? code.get<std::string>() : "";
  if (text == code::session_expired) return SessionStatus::session_expired;
  return session_has_ended(text) ? SessionStatus::session_ended : SessionStatus::done;
}

}  // namespace

SessionTokens tokens_in(const Json& data, std::string_view session, std::string_view session_life,
                        std::string_view master, std::string_view master_life, base::TimePoint requested_at) {
  // A malformed token counts as none: it would not fit into a header.
  const auto token_at = [&](std::string_view field) {
    auto token = secret_at(data, field);
    return is_token(token.reveal()) ? std::move(token) : base::Secret{};
  };
  return {token_at(session), token_at(master), requested_at + lifetime_at(data, session_life, max_token_life),
          requested_at + lifetime_at(data, master_life, max_master_life)};
}

base::Secret SessionTokens::to_record() const {
  const Json json = {{"version", record_version},
                     {"session", session.reveal()},
                     {"master", master.reveal()},
                     {"session_expires_at", session_expires_at.time_since_epoch().count()},
                     {"master_expires_at", master_expires_at.time_since_epoch().count()},
                     {"user", context.user},
                     {"role", context.role},
                     {"database", context.database},
                     {"schema", context.schema}};
  return base::Secret{base::dump_json(json)};
}

std::optional<SessionTokens> SessionTokens::from_record(const base::Secret& record) {
  const auto json = base::parse_json(record.reveal());
  if (!json || base::whole_number_at(*json, "version") != record_version) return std::nullopt;
  const auto time = [&](std::string_view field) {
    return base::time_at(*json, field).value_or(base::TimePoint{});
  };
  const auto text = [&](std::string_view field) { return base::text_at(*json, field).value_or(""); };
  SessionTokens tokens{secret_at(*json, "session"),
                       secret_at(*json, "master"),
                       time("session_expires_at"),
                       time("master_expires_at"),
                       {text("user"), text("role"), text("database"), text("schema")}};
  const bool is_whole = !tokens.session.empty() && !tokens.master.empty();
  if (!is_whole || !is_token(tokens.session.reveal()) || !is_token(tokens.master.reveal()))
    return std::nullopt;
  return tokens;
}

void require_usable(const IssuedToken& token) {
  if (!is_token(token.value.reveal())) {
    throw Error(Kind::network, "Snowflake's registry token is malformed",
                "a proxy may have changed the answer; try again without it");
  }
  if (token.expires_at <= token.issued_at) {
    throw Error(Kind::denied, "Snowflake issued a registry token that had already expired",
                "check the session policies of the account, and the clock of this machine");
  }
}

void Session::set_up() {
  NoRows nothing;
  if (run("alter session set PYTHON_CONNECTOR_QUERY_RESULT_FORMAT = 'json'", nothing) == SessionStatus::done)
    return;
  throw Error(Kind::denied, "Snowflake opened a session that had already expired: " + api_.last_refusal(),
              "check the session policies of the account, and the clock of this machine");
}

SessionStatus Session::heartbeat() {
  const auto answer =
      api_.send({.endpoint = heartbeat_endpoint, .query = {}, .body = Json{}, .token = tokens_.session});
  if (answer.code == code::session_expired) return SessionStatus::session_expired;
  answer.or_refusal();
  return SessionStatus::done;
}

bool Session::end() {
  const auto ask = [this] {
    return api_.send({.endpoint = session_endpoint,
                      .query = {{"delete", "true"}},
                      .body = Json::object(),
                      .token = tokens_.session});
  };
  auto answer = ask();
  if (answer.code == code::session_expired) {
    try {
      renew();
    } catch (const Error& error) {
      if (error.kind() != Kind::denied) throw;
      return false;
    }
    answer = ask();
  }
  if (session_has_ended(answer.code)) return false;
  answer.or_refusal();
  return true;
}

Answer Session::request_token(std::string_view type) {
  return api_.send({.endpoint = token_endpoint,
                    .query = {},
                    .body = Json{{"oldSessionToken", tokens_.session.reveal()}, {"requestType", type}},
                    .token = tokens_.master});
}

void Session::renew() {
  const auto requested_at = clock_.now();
  const auto answer = request_token("RENEW");
  SessionTokens tokens = tokens_in(answer.or_refusal().data, "sessionToken", "validityInSecondsST",
                                   "masterToken", "validityInSecondsMT", requested_at);
  if (tokens.session.empty() || tokens.master.empty()) {
    throw Error(Kind::denied, "Snowflake renewed the session, but sent no tokens");
  }
  tokens.context = std::move(tokens_.context);
  tokens_ = std::move(tokens);
}

SessionStatus Session::issue_registry_token(IssuedToken& token) {
  const auto requested_at = clock_.now();
  const auto answer = request_token("ISSUE");
  if (answer.code == code::session_expired) return SessionStatus::session_expired;
  if (session_has_ended(answer.code)) return SessionStatus::session_ended;
  // This endpoint is not documented, and may change; the Snowflake CLI may then be newer than this program.
  const base::NextStep try_snow{
      "try 'snow spcs image-registry token'; if it works, set through = \"snow\" for this registry in the "
      "settings",
      base::Needs::terminal};
  if (!answer.success && !is_known_code(answer.code)) {
    const auto refused = refusal(answer.code, answer.message);
    throw Error(refused.kind(), refused.what(), try_snow, refused.consequences());
  }
  const Json& data = answer.or_refusal().data;
  token = {secret_at(data, "sessionToken"), requested_at,
           requested_at + lifetime_at(data, "validityInSecondsST", max_token_life)};
  if (token.value.empty())
    throw Error(Kind::denied, "Snowflake reported success, but sent no registry token", try_snow);
  require_usable(token);
  return SessionStatus::done;
}

SessionStatus Session::run(std::string_view sql, ResultSink& sink) {
  return run_statement(api_, tokens_.session, ++statements_, sql, sink, clock_);
}

net::HttpRequest Session::rest_request(const std::string& path) const {
  net::HttpRequest request;
  request.url = api_.account().base_url() + path;
  request.headers = {
      {"Content-Type", "application/json"}, {"accept", "application/json"}, {"User-Agent", user_agent()}};
  request.authorization = authorization_header(tokens_.session);
  return request;
}

SessionStatus Session::call(const RestCall& call, RestAnswer& answer) {
  auto request = rest_request(call.path);
  request.method = "POST";
  request.retry_mode = net::RetryMode::only_if_not_processed;
  request.body = base::Secret{base::dump_json(call.body)};
  for (int polls = 0; polls < max_polls; ++polls) {
    const auto response = api_.http().send(request);
    answer.status = response.status;
    answer.body = base::parse_json(response.body.reveal()).value_or(base::Json{});
    if (response.status != 202) return rest_status(answer);
    const auto later = response.header("location");
    if (!later.starts_with(results_path)) return rest_status(answer);
    request = rest_request(later);
    clock_.sleep(std::chrono::seconds{1});
  }
  return SessionStatus::done;
}

}  // namespace snowflake
