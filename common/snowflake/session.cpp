// SPDX-License-Identifier: Apache-2.0
#include "snowflake/session.hpp"

#include "base/text.hpp"
#include "snowflake/client_identity.hpp"
#include "snowflake/codes.hpp"
#include "snowflake/lifetime.hpp"

namespace snowflake {
namespace {

using base::Error;
using base::Json;
using base::Kind;

constexpr std::int64_t record_version = 2;

base::Secret secret_at(const Json& data, std::string_view field) {
  return base::Secret{base::text_at(data, field).value_or("")};
}

SessionTokens tokens_in(const Json& data, std::string_view session, std::string_view session_life,
                        std::string_view master, std::string_view master_life, base::TimePoint asked_at) {
  return {secret_at(data, session), secret_at(data, master),
          asked_at + lifetime_at(data, session_life, longest_token_life),
          asked_at + lifetime_at(data, master_life, longest_master_life)};
}

SessionContext context_in(const Json& data, const config::Connection& connection) {
  const Json& info = base::member(data, "sessionInfo");
  return {base::text_at(data, "displayUserName").value_or(connection.text("user")),
          base::text_at(info, "roleName").value_or(""), base::text_at(info, "databaseName").value_or(""),
          base::text_at(info, "schemaName").value_or("")};
}

/// The registry's back end reads results as JSON (`snowflake-protocol.md` 2.7, 2).
Json session_parameters(const config::Connection& connection) {
  Json parameters =
      base::parse_json(connection.secret("session_parameters").reveal()).value_or(Json::object());
  if (!parameters.is_object()) parameters = Json::object();
  parameters["CLIENT_PREFETCH_THREADS"] = 4;
  parameters["PYTHON_CONNECTOR_QUERY_RESULT_FORMAT"] = "JSON";
  return parameters;
}

Json sign_in_body(const config::Account& account, const config::Connection& connection,
                  Authenticator& authenticator) {
  Json data = {{"CLIENT_APP_ID", client_app_id},
               {"CLIENT_APP_VERSION", client_app_version},
               {"SVN_REVISION", nullptr},
               {"ACCOUNT_NAME", account.name},
               {"CLIENT_ENVIRONMENT", client_environment()},
               {"SESSION_PARAMETERS", session_parameters(connection)}};
  if (const auto roles = connection.text("secondary_roles"); !roles.empty()) {
    data["SECONDARY_ROLES"] = base::to_upper(roles);
  }
  authenticator.add_to(data);
  return {{"data", data}};
}

}  // namespace

base::Secret SessionTokens::to_record() const {
  const Json json = {{"version", record_version},
                     {"session", std::string{session.reveal()}},
                     {"master", std::string{master.reveal()}},
                     {"session_expires_at", session_expires_at.time_since_epoch().count()},
                     {"master_expires_at", master_expires_at.time_since_epoch().count()},
                     {"user", context.user},
                     {"role", context.role},
                     {"database", context.database},
                     {"schema", context.schema}};
  return base::Secret{json.dump()};
}

std::optional<SessionTokens> SessionTokens::from_record(const base::Secret& record) {
  const auto json = base::parse_json(record.reveal());
  if (!json || base::whole_number_at(*json, "version") != record_version) return std::nullopt;
  const auto time = [&](std::string_view field) {
    return base::TimePoint{std::chrono::seconds{base::whole_number_at(*json, field).value_or(0)}};
  };
  const auto text = [&](std::string_view field) { return base::text_at(*json, field).value_or(""); };
  SessionTokens tokens{secret_at(*json, "session"),
                       secret_at(*json, "master"),
                       time("session_expires_at"),
                       time("master_expires_at"),
                       {text("user"), text("role"), text("database"), text("schema")}};
  if (tokens.session.empty() || tokens.master.empty()) return std::nullopt;
  return tokens;
}

Session Session::log_in(Api& api, const config::Connection& connection, Authenticator& authenticator,
                        base::Clock& clock) {
  Call call{.endpoint = sign_in_endpoint,
            .query = {},
            .body = [&] { return sign_in_body(api.account(), connection, authenticator); },
            // Not a token: the word that the official drivers send before there is one (2.2).
            .token = base::Secret{"None"},
            .repeat = authenticator.repeat()};
  for (const auto& [parameter, key] :
       {std::pair{"databaseName", "database"}, std::pair{"schemaName", "schema"},
        std::pair{"warehouse", "warehouse"}, std::pair{"roleName", "role"}}) {
    if (const auto value = connection.text(key); !value.empty()) call.query.emplace_back(parameter, value);
  }
  const auto asked_at = clock.now();
  const auto answer = api.send(call);
  const Json& data = answer.or_refusal().data;
  SessionTokens tokens =
      tokens_in(data, "token", "validityInSeconds", "masterToken", "masterValidityInSeconds", asked_at);
  if (tokens.session.empty() || tokens.master.empty()) {
    throw Error(Kind::denied,
                "Snowflake signed " + connection.text("user") + " in without giving the tokens of a session",
                "report this, with the kind of authenticator that the connection uses");
  }
  tokens.context = context_in(data, connection);
  Session session{api, std::move(tokens), clock};
  Result nothing;
  if (session.run("alter session set PYTHON_CONNECTOR_QUERY_RESULT_FORMAT = 'json'", nothing) !=
      StatementEnd::done) {
    throw Error(Kind::denied, "Snowflake opened a session that is over already",
                "check the session policies of the account, and the clock of this machine");
  }
  return session;
}

Answer Session::request_token(std::string_view type) {
  return api_.send(
      {.endpoint = token_endpoint,
       .query = {},
       .body =
           [&] {
             return Json{{"oldSessionToken", std::string{tokens_.session.reveal()}}, {"requestType", type}};
           },
       .token = tokens_.master});
}

void Session::renew() {
  const auto asked_at = clock_.now();
  const auto answer = request_token("RENEW");
  SessionTokens tokens = tokens_in(answer.or_refusal().data, "sessionToken", "validityInSecondsST",
                                   "masterToken", "validityInSecondsMT", asked_at);
  if (tokens.session.empty() || tokens.master.empty()) {
    throw Error(Kind::denied, "Snowflake renewed the session without giving its tokens",
                "docker snowflake login");
  }
  tokens.context = std::move(tokens_.context);
  tokens_ = std::move(tokens);
}

std::optional<IssuedToken> Session::issue_registry_token() {
  const auto asked_at = clock_.now();
  const auto answer = request_token("ISSUE");
  if (!answer.success && (answer.code == code::session_expired || session_is_gone(answer.code)))
    return std::nullopt;
  const Json& data = answer.or_refusal().data;
  IssuedToken token{secret_at(data, "sessionToken"), asked_at,
                    asked_at + lifetime_at(data, "validityInSecondsST", longest_token_life)};
  if (token.value.empty()) {
    throw Error(Kind::denied, "Snowflake issued no registry token, though it said it would",
                "docker snowflake login");
  }
  if (token.expires_at <= asked_at) {
    throw Error(Kind::denied, "Snowflake issued a registry token that is over already",
                "check the session policies of the account, and the clock of this machine");
  }
  return token;
}

StatementEnd Session::run(std::string_view sql, ResultSink& sink) {
  return run_statement(api_, tokens_.session, ++statements_, sql, sink, clock_);
}

}  // namespace snowflake
