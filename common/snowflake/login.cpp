// SPDX-License-Identifier: Apache-2.0
#include "snowflake/login.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "snowflake/api.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "snowflake/codes.hpp"

namespace snowflake {
namespace {

using base::Error;
using base::Json;
using base::Kind;

/// What the official drivers assume when the lifetime of a session is not known.
constexpr std::chrono::hours unknown_session_life{1};
constexpr std::chrono::hours unknown_master_life{4};

SessionContext context_in(const Json& data, const config::Connection& connection) {
  const Json& info = base::member(data, "sessionInfo");
  return {base::text_at(data, "displayUserName").value_or(connection.text("user")),
          base::text_at(info, "roleName").value_or(""), base::text_at(info, "databaseName").value_or(""),
          base::text_at(info, "schemaName").value_or("")};
}

/// The registry requires a session whose result format is JSON (`snowflake/PROTOCOL.md` 2.4).
Json session_parameters(const config::Connection& connection) {
  Json parameters =
      base::parse_json(connection.secret("session_parameters").reveal()).value_or(Json::object());
  if (!parameters.is_object()) parameters = Json::object();
  parameters["CLIENT_PREFETCH_THREADS"] = 4;
  parameters["PYTHON_CONNECTOR_QUERY_RESULT_FORMAT"] = "JSON";
  return parameters;
}

Json login_body(const AuthContext& context, Authenticator& authenticator) {
  auto data = client_data(context.account);
  data["SESSION_PARAMETERS"] = session_parameters(context.connection);
  if (const auto roles = context.connection.text("secondary_roles"); !roles.empty()) {
    data["SECONDARY_ROLES"] = base::to_upper(roles);
  }
  authenticator.add_to(data);
  return {{"data", data}};
}

/// The keys of the connection that a failure is about. Without a host of its own, a connection has the host
/// of its account.
std::vector<std::string> wrong_keys(const Error& failure, const config::Connection& connection) {
  auto keys = failure.next_step().keys;
  if (!connection.has("host")) std::ranges::replace(keys, std::string{"host"}, std::string{"account"});
  return keys;
}

/// The next step after a failure that is about values of the connection: the file and line of each. Empty
/// when they are not in a file, or the failure is about something else.
base::NextStep where_to_correct(const Error& failure, const config::Connection& connection) {
  std::vector<std::string> origins;
  std::string last_file;
  const auto keys = wrong_keys(failure, connection);
  for (const auto& key : keys) {
    const auto where = connection.origin_of(key);
    // A new token or key must be created first, as the step for the code says.
    if (where.empty() || key == "private_key_file" || key.starts_with("token")) continue;
    const auto colon = where.rfind(':');
    const bool is_in_file = where.find('/') < colon && colon != std::string::npos;
    const std::string file = is_in_file ? where.substr(0, colon) : "";
    const bool is_same = is_in_file && file == last_file;
    origins.push_back(key + " (" + (is_same ? "line " + where.substr(colon + 1) : where) + ")");
    last_file = file;
  }
  if (origins.empty()) return {};
  const std::string name = base::printable(connection.name, 100);
  const auto correct =
      "correct " + base::join(origins, " or ") + (name.empty() ? "" : " of connection '" + name + "'");
  const std::string warning = failure.consequences().counted ? "; five failures lock the user" : "";
  return base::NextStep{correct + ", then " + login_command(connection) + warning, failure.next_step().needs,
                        correct + warning}
      .about(keys);
}

[[noreturn]] void throw_refusal(const Answer& answer, const config::Connection& connection,
                                Authenticator& authenticator) {
  const auto plain = refusal(answer.code, answer.message, login_command(connection));
  // The authenticator may know more than the table of codes.
  auto step = authenticator.next_step(answer);
  if (step.empty()) step = where_to_correct(plain, connection);
  if (step.keys.empty()) step.keys = plain.next_step().keys;
  throw Error(plain.kind(), plain.what(), step.empty() ? plain.next_step() : step, plain.consequences());
}

Call call_for(const AuthContext& context, Authenticator& authenticator) {
  const auto& connection = context.connection;
  const auto limit = connection.seconds("login_timeout");
  const std::chrono::milliseconds timeout = authenticator.timeout();
  const auto body = [&] { return login_body(context, authenticator); };
  Call call{.endpoint = login_endpoint,
            .query = {},
            .body = body(),
            // Not a token: what the official drivers send when they have none (2.2).
            .token = base::Secret{"None"},
            .retry_mode = authenticator.retry_mode(),
            .timeout = limit ? std::min<std::chrono::milliseconds>(timeout, *limit) : timeout,
            .retry_for = limit,
            .renewed_body = body};
  for (const auto& [parameter, key] :
       {std::pair{"databaseName", "database"}, std::pair{"schemaName", "schema"},
        std::pair{"warehouse", "warehouse"}, std::pair{"roleName", "role"}}) {
    if (const auto value = connection.text(key); !value.empty()) call.query.emplace_back(parameter, value);
  }
  return call;
}

/// Long enough for users to find their phone.
constexpr std::chrono::seconds approval_timeout{180};

std::string next_action(const Answer& answer) {
  return base::text_at(answer.data, "nextAction").value_or("");
}

/// The third request names the user, but contains no credentials.
Json without_credentials(Json body) {
  for (const char* field : {"PASSWORD", "SESSION_PARAMETERS", "EXT_AUTHN_DUO_METHOD", "PASSCODE", "TOKEN"})
    body["data"].erase(field);
  return body;
}

/// No user approves a login on a phone in less.
constexpr std::chrono::seconds fastest_approval{3};

SecondFactor second_factor_of(const Answer& answer, const Authenticator& authenticator,
                              std::chrono::steady_clock::duration time) {
  // An MFA token is issued in exchange for a second factor.
  const bool has_token = !base::text_at(answer.data, "mfaToken").value_or("").empty();
  if (answer.is_approved || has_token || authenticator.has_second_factor()) return SecondFactor::used;
  return time < fastest_approval ? SecondFactor::unused : SecondFactor::unknown;
}

/// The answer to one login request.
struct LoginAttempt {
  Answer answer;
  SecondFactor second_factor;
};

/// One login attempt. Throws `denied` instead of `network` when the answer did not arrive in time and the
/// phone may have been notified, so that the next process does not notify it again.
LoginAttempt attempt(Api& api, const AuthContext& context, Authenticator& authenticator) {
  authenticator.prepare();
  const auto call = call_for(context, authenticator);
  const auto began = context.clock.steady();
  try {
    auto answer = with_second_factor(api, call, authenticator.waits_for_approval(), context.prompter);
    const auto second_factor = second_factor_of(answer, authenticator, context.clock.steady() - began);
    return {std::move(answer), second_factor};
  } catch (const net::NoAnswer& failure) {
    auto step = where_to_correct(failure, context.connection);
    if (!step.empty()) {
      step.text = "check the network, or " + step.text;
      step.without_terminal = "check the network, or " + step.without_terminal;
      throw net::NoAnswer(failure.reason(), failure.what(), std::move(step));
    }
    if (failure.reason() != net::NoAnswer::Reason::too_slow || !authenticator.may_notify_phone()) {
      step = failure.next_step();
      step.keys = wrong_keys(failure, context.connection);
      throw net::NoAnswer(failure.reason(), failure.what(), std::move(step));
    }
    throw Error(Kind::denied,
                failure.what() + std::string{": the login may not have been approved on your phone"},
                login_step(context.connection, ", and approve the login on your phone"), base::counted);
  }
}

Session log_in(Api& api, const AuthContext& context) {
  const auto& connection = context.connection;
  auto& clock = context.clock;
  auto* const prompter = context.prompter;
  const auto authenticator = make_authenticator(context);
  auto requested_at = clock.now();
  auto last = attempt(api, context, *authenticator);
  bool has_stored = true;
  while (!last.answer.success) {
    const auto& answer = last.answer;
    const bool starts_over = authenticator->should_retry(answer.code) && has_stored;
    const bool types_again = prompter != nullptr && authenticator->may_type_again(answer.code);
    if (!starts_over && !types_again) throw_refusal(answer, connection, *authenticator);
    if (types_again) prompter->print(refusal(answer.code, answer.message, {}).what());
    has_stored = false;
    requested_at = clock.now();
    last = attempt(api, context, *authenticator);
  }
  const Json& data = last.answer.data;
  SessionTokens tokens =
      tokens_in(data, "token", "validityInSeconds", "masterToken", "masterValidityInSeconds", requested_at);
  if (tokens.session.empty() || tokens.master.empty()) {
    throw Error(Kind::denied,
                "Snowflake accepted the login of " + connection.text("user") + ", but sent no session tokens",
                "report a bug, with the authenticator of the connection");
  }
  tokens.context = context_in(data, connection);
  authenticator->on_login_succeeded(data);
  Session session{api, std::move(tokens), clock, last.second_factor};
  session.set_up();
  return session;
}

/// Uses a session that another program has opened. Throws `denied` when it has ended.
Session adopt_session(Api& api, const config::Connection& connection, base::Clock& clock) {
  const auto now = clock.now();
  Session session{api,
                  {connection.secret("session_token"),
                   connection.secret("master_token"),
                   now + unknown_session_life,
                   now + unknown_master_life,
                   {connection.text("user"), connection.text("role"), connection.text("database"),
                    connection.text("schema")}},
                  clock};
  try {
    if (session.heartbeat() == SessionStatus::session_expired) session.renew();
  } catch (const Error& error) {
    if (error.consequences().transient) throw;
    throw Error(
        Kind::denied, std::string{"Session and master tokens invalid ("} + error.what() + ")",
        "use the --session-token and --master-token (SNOWFLAKE_SESSION_TOKEN and SNOWFLAKE_MASTER_TOKEN) "
        "of an active session");
  }
  session.set_up();
  return session;
}

}  // namespace

Answer with_second_factor(Api& api, const Call& login, bool notifies_phone, ui::Prompter* prompter) {
  Call call = login;
  std::unique_ptr<ui::ProgressIndicator> progress;
  const auto wait_for_approval = [&](const char* what, const char* later) {
    call.timeout = approval_timeout;
    call.retry_mode = net::RetryMode::only_if_not_processed;
    progress.reset();
    progress = prompter->show_progress(what, later);
  };

  if (notifies_phone && prompter != nullptr) {
    // Without a second factor, or with a wrong password, Snowflake does not notify the phone.
    wait_for_approval("logging in", "if Snowflake asks, approve the login on your phone");
  }
  auto answer = api.send(call);
  const auto action = next_action(answer);
  if (action == "PWD_CHANGE") {
    throw base::Error(base::Kind::denied, "the password of the user has expired",
                      "log in to Snowsight, and choose a new password");
  }
  if (action != "EXT_AUTHN_DUO_ALL" && action != "EXT_AUTHN_DUO_PUSH_N_PASSCODE") return answer;
  if (prompter == nullptr) return {false, "390124", "the login must be approved on a phone", {}, {}};

  wait_for_approval("approve the login on your phone", "");
  const auto continue_with = [&](Json body) {
    body["inFlightCtx"] = base::text_at(answer.data, "inFlightCtx").value_or("");
    call.body = std::move(body);
    call.renewed_body = {};
    // Marks the follow-up as a part of the first request.
    call.request_id = answer.request_id;
    return api.send(call);
  };
  Json body = *login.body;
  body["data"]["EXT_AUTHN_DUO_METHOD"] = "push";
  answer = continue_with(body);
  if (next_action(answer) == "EXT_AUTHN_SUCCESS") {
    answer = continue_with(without_credentials(std::move(body)));
    answer.is_approved = true;
    return answer;
  }
  answer.is_approved = true;
  // An answer without a session is a refusal, even if it claims success.
  if (base::text_at(answer.data, "token").value_or("").empty()) answer.success = false;
  return answer;
}

Session open_session(Api& api, const AuthContext& context) {
  const auto& connection = context.connection;
  const bool is_given = connection.has("session_token") && connection.has("master_token");
  return is_given ? adopt_session(api, connection, context.clock) : log_in(api, context);
}

}  // namespace snowflake
