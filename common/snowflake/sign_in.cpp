// SPDX-License-Identifier: Apache-2.0
#include "snowflake/sign_in.hpp"

#include "base/error.hpp"
#include "base/fingerprint.hpp"
#include "base/text.hpp"
#include "config/workload.hpp"
#include "net/crypto.hpp"
#include "snowflake/auth/required.hpp"
#include "snowflake/log_in.hpp"

namespace snowflake {
namespace {

/// Where no user is named, the token says who somebody is: another token is somebody else.
std::string identity_of_token(const config::Connection& connection, const base::Environment& environment) {
  if (connection.has("session_token"))
    return net::base64url(net::sha256(connection.secret("session_token").reveal())).substr(0, 22);
  const bool has_token = connection.has("token") || connection.has("token_file_path");
  if (!has_token || !connection.text("user").empty()) return {};
  return net::base64url(net::sha256(required_token(connection, environment).reveal())).substr(0, 22);
}

/// A workload's identity stands in no connection: whose job this is, and which role it has, is elsewhere.
void add_workload(base::Fingerprint& fingerprint, const config::Connection& connection,
                  const base::Environment& environment) {
  if (connection.authenticator() != "WORKLOAD_IDENTITY") return;
  for (const char* field : {"workload_identity_provider", "workload_identity_entra_resource",
                            "workload_identity_impersonation_path"}) {
    fingerprint.add(connection.text(field));
  }
  for (const auto& [name, value] : environment.all()) {
    if (config::is_ci_identity_variable(name)) fingerprint.add(name).add(value);
  }
}

}  // namespace

SignIn::SignIn(config::Connection connection, const base::Environment& environment, base::Clock& clock,
               ui::Prompter* prompter)
    : connection_(std::move(connection)),
      account_(config::account_of(connection_)),
      environment_(environment),
      clock_(clock),
      prompter_(prompter) {}

token::StoreKey SignIn::key(std::string kind) const {
  base::Fingerprint rest;
  for (const char* field : {"secondary_roles", "database", "schema", "warehouse", "session_parameters"}) {
    rest.add(connection_.text(field));
  }
  rest.add(connection_.authenticator()).add(account_.name).add(account_.protocol);
  rest.add(identity_of_token(connection_, environment_));
  add_workload(rest, connection_, environment_);
  const std::string port = account_.port == 443 ? "" : ":" + std::to_string(account_.port);
  return {.kind = std::move(kind),
          .host = account_.host + port,
          .user = base::to_upper(connection_.text("user")),
          .detail = base::to_upper(connection_.text("role")) + "/" + rest.hex()};
}

IssuedToken SignIn::issue_registry_token(net::HttpClient& http, token::TokenStore& kept,
                                         const token::SignInTurn& turn, bool anew) const {
  Api api{http, clock_, account_};
  if (!anew) {
    if (auto token = issue_from_kept_session(api, kept)) return std::move(*token);
  }
  auto session = open_session(api, kept, turn);
  if (auto token = session.issue_registry_token()) return std::move(*token);
  throw base::Error(base::Kind::denied,
                    "Snowflake opened a session and would not issue a registry token from it",
                    "check the session policies of the account, and the clock of this machine");
}

std::optional<SessionTokens> SignIn::kept_tokens(token::TokenStore& kept) const {
  const auto record = kept.load(key(session_kind));
  auto tokens = record ? SessionTokens::from_record(*record) : std::nullopt;
  // By our clock, which may be wrong: a session that is over in Snowflake's eyes says so.
  if (tokens && tokens->master_expires_at <= clock_.now()) tokens.reset();
  return tokens;
}

Session SignIn::open_session(Api& api, token::TokenStore& kept, const token::SignInTurn& turn) const {
  const auto open = [&] {
    const bool is_given = connection_.has("session_token") && connection_.has("master_token");
    auto session = is_given ? adopt_session(api, connection_, clock_) : log_in(api, kept);
    keep(kept, session);
    return session;
  };
  // Somebody tries what they just typed: that was not refused before, and says nothing about the files.
  if (connection_.has_typed_secret) return open();
  turn.throw_if_refused();
  return turn.run(open);
}

Session SignIn::log_in(Api& api, token::TokenStore& kept) const {
  const auto proofs = key({});
  const auto authenticator =
      make_authenticator({connection_, account_, environment_, clock_, api.http(),
                          StoredCredentials{kept, proofs.host, proofs.user}, prompter_});
  return snowflake::log_in(api, connection_, *authenticator, prompter_, clock_);
}

std::optional<IssuedToken> SignIn::issue_from_kept_session(Api& api, token::TokenStore& kept) const {
  auto tokens = kept_tokens(kept);
  if (!tokens) return std::nullopt;
  Session session{api, std::move(*tokens), clock_};
  try {
    if (auto token = session.issue_registry_token()) return token;
    session.renew();
  } catch (const base::Error& error) {
    if (error.kind() != base::Kind::denied) throw;
    kept.erase(key(session_kind));
    return std::nullopt;
  }
  keep(kept, session);
  return session.issue_registry_token();
}

void SignIn::keep(token::TokenStore& kept, const Session& session) const {
  kept.save(key(session_kind), session.tokens().to_record(), session.tokens().master_expires_at);
}

}  // namespace snowflake
