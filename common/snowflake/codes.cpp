// SPDX-License-Identifier: Apache-2.0
#include "snowflake/codes.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace snowflake {
namespace {

using base::Needs;

/// A next step; LOGIN is a placeholder for the command that logs in.
struct Step {
  /// The keys of a connection that a refusal is about, or empty texts.
  using Keys = std::array<std::string_view, 2>;

  constexpr Step(const char* step, Needs what = Needs::nothing, Keys about = {})
      : text(step), needs(what), keys(about) {}

  std::string_view text;
  Needs needs;
  Keys keys;
};

constexpr Step register_key{
    "register the public key: ALTER USER <user> SET RSA_PUBLIC_KEY='...', and check user and account in the "
    "connection",
    Needs::connection,
    {"private_key_file"}};
constexpr Step log_in_again{"log in again: LOGIN", Needs::terminal};
constexpr Step new_token{"get a new token, and replace the one in token_file_path, token or SNOWFLAKE_TOKEN",
                         Needs::connection,
                         {"token", "token_file_path"}};
constexpr Step check_clock{"set the clock of this machine (timedatectl), then try again"};
constexpr Step check_name{
    "check the name; docker snowflake repositories lists what the role can see, and --role chooses another",
    Needs::role};
constexpr Step approve{"LOGIN, and approve the login on your phone", Needs::terminal};
constexpr Step passcode{"LOGIN --mfa-passcode, with the passcode that is shown now", Needs::terminal};

struct CodeMeaning {
  std::string_view code;
  std::string_view meaning;
  Step next;
};

constexpr std::array meanings = {
    CodeMeaning{
        "390100",
        "user name or password is wrong",
        {"correct user and password in the connection, or SNOWFLAKE_PASSWORD; five failures lock the user",
         Needs::connection,
         {"user", "password"}}},
    CodeMeaning{
        "390101",
        "the user may not log in this way",
        {"check user and authenticator in the connection", Needs::connection, {"user", "authenticator"}}},
    CodeMeaning{"390102", "the user is temporarily locked",
                "wait fifteen minutes, or ask an administrator to unlock the user"},
    CodeMeaning{"390103", "the user may not log in", "ask an administrator whether the user is disabled"},
    CodeMeaning{"390104", "the session is not known", log_in_again},
    CodeMeaning{"390110", "the id token has expired", log_in_again},
    CodeMeaning{"390111", "the session no longer exists", log_in_again},
    CodeMeaning{"390112", "the session has expired", log_in_again},
    CodeMeaning{"390113", "the master token is not known", log_in_again},
    CodeMeaning{"390114", "the master token has expired", log_in_again},
    CodeMeaning{"390115", "the master token is not valid", log_in_again},
    CodeMeaning{"390120", "the approval was denied", approve},
    CodeMeaning{"390121", "the login has not been approved yet", approve},
    CodeMeaning{"390122", "the user has not set up a second factor",
                "enroll the user in multi-factor authentication in Snowsight, or use a key pair"},
    CodeMeaning{"390123", "the second factor is locked", "ask an administrator to unlock it"},
    CodeMeaning{"390124", "a second factor is needed", approve},
    CodeMeaning{"390125", "a passcode was sent by SMS", passcode},
    CodeMeaning{"390126", "the login was not approved in time", approve},
    CodeMeaning{"390127", "the passcode was wrong", passcode},
    CodeMeaning{"390128", "the second factor was accepted, but the login did not continue", log_in_again},
    CodeMeaning{"390129", "the multi-factor authentication service failed", approve},
    CodeMeaning{"390132", "approval by phone is switched off for the user", passcode},
    CodeMeaning{"390139", "the identity provider refused the login",
                "check the user at the identity provider"},
    CodeMeaning{"390144", "the JWT is not valid", register_key},
    CodeMeaning{
        "390189",
        "the role does not exist, or is not granted to the user",
        {"use a role that is granted to the user: role = \"...\" in the connection or in the settings",
         Needs::role,
         {"role"}}},
    CodeMeaning{"390190",
                "this user cannot log in with a browser",
                {"check user in the connection; where the account has no single sign-on, use a key pair or a "
                 "programmatic access token",
                 Needs::connection,
                 {"user"}}},
    CodeMeaning{"390191",
                "a different user logged in with the browser",
                {"log in to the browser as the user of the connection", Needs::connection}},
    CodeMeaning{"390195", "the id token is not valid", log_in_again},
    CodeMeaning{"390201",
                "database, schema, warehouse or role does not exist, or is not allowed",
                {"correct database, schema, warehouse and role in the connection", Needs::role}},
    CodeMeaning{"390303", "the OAuth access token is not valid", new_token},
    CodeMeaning{
        "390309",
        "the token belongs to another user",
        {"set user in the connection to the user that the token belongs to", Needs::connection, {"user"}}},
    CodeMeaning{"390318", "the OAuth access token has expired", new_token},
    CodeMeaning{"390400",
                "Snowflake rejected the request as malformed",
                {"check the connection; if it is correct, report a bug", Needs::connection}},
    CodeMeaning{"390401",
                "the login failed",
                {"check the connection, and the user's login history in Snowsight", Needs::connection}},
    CodeMeaning{"390422", "the login is not allowed from here",
                "use the VPN, or ask an administrator to allow this network in the network policy"},
    CodeMeaning{"394300", "the JWT is not valid", register_key},
    CodeMeaning{"394301", "the JWT has expired", check_clock},
    CodeMeaning{"394302", "the JWT is not valid yet", check_clock},
    CodeMeaning{"394303", "the lifetime of the JWT is too long", check_clock},
    CodeMeaning{"394304", "the private key is not the user's", register_key},
    CodeMeaning{"394305", "the kind of private key is not accepted",
                "use an RSA key (openssl genrsa 2048 | openssl pkcs8 -topk8 -out key.p8)"},
    CodeMeaning{"394306", "the JWT is malformed", register_key},
    CodeMeaning{"394400",
                "the programmatic access token is not valid",
                {"create a new programmatic access token in Snowsight, and check the user's network policy",
                 Needs::nothing,
                 {"token", "token_file_path"}}},
    CodeMeaning{"394507", "the passcode was not accepted", passcode},
    CodeMeaning{"394508", "the passcode was not accepted", passcode},
    CodeMeaning{"394509",
                "the user needs a second factor that programs cannot use",
                {"use single sign-on, a key pair or a programmatic access token; or LOGIN", Needs::terminal}},
    CodeMeaning{"394633", "the passcode was not accepted", passcode},
    CodeMeaning{"002003", "there is no such object", check_name},
    CodeMeaning{"002043", "there is no such object", check_name},
    CodeMeaning{"003001",
                "the role may not do this",
                {"ask for the privilege, or set another role in the connection", Needs::role}},
    CodeMeaning{"090105",
                "no database is selected",
                {"set database in the connection, or qualify the name", Needs::connection}},
    CodeMeaning{"090106",
                "no schema is selected",
                {"set schema in the connection, or qualify the name", Needs::connection}},
};

/// Depends on this machine's network, not on the user, the session or the token.
constexpr std::string_view not_from_here = "390422";

constexpr CodeMeaning unknown = {"", "Snowflake refused without giving a reason",
                                 "look up the code in Snowflake's documentation, or ask an administrator"};

base::NextStep with_login(const Step& step, std::string_view login) {
  constexpr std::string_view placeholder = "LOGIN";
  std::string text{step.text};
  if (const auto found = text.find(placeholder); found != std::string::npos)
    text.replace(found, placeholder.size(), login);
  base::NextStep next{std::move(text), step.needs};
  for (const auto key : step.keys)
    if (!key.empty()) next.keys.emplace_back(key);
  return next;
}

constexpr std::array gone = {std::string_view{"390104"}, std::string_view{"390110"},
                             std::string_view{"390111"}, std::string_view{"390113"},
                             std::string_view{"390114"}, std::string_view{"390115"}};

/// Wrong passwords and passcodes, users who are locked because of them, and logins that notified a phone.
constexpr std::array counted = {
    std::string_view{"390100"}, std::string_view{"390102"}, std::string_view{"390120"},
    std::string_view{"390121"}, std::string_view{"390123"}, std::string_view{"390124"},
    std::string_view{"390125"}, std::string_view{"390126"}, std::string_view{"390127"},
    std::string_view{"390128"}, std::string_view{"390129"}, std::string_view{"390132"},
    std::string_view{"394507"}, std::string_view{"394508"}, std::string_view{"394633"}};

}  // namespace

base::Error refusal(std::string_view code, std::string_view message, std::string_view login) {
  const auto found = std::ranges::find(meanings, code, &CodeMeaning::code);
  const CodeMeaning& meaning = found == meanings.end() ? unknown : *found;
  const std::string what = (code.empty() ? std::string{} : base::printable(code, 40) + ": ") +
                           (message.empty() ? std::string{meaning.meaning} : base::printable(message));
  auto next =
      code.empty() ? base::NextStep{"ask an administrator of the account"} : with_login(meaning.next, login);
  if (code == not_from_here) return {base::Kind::denied, what, std::move(next), base::transient};
  if (counts_against_user(code)) return {base::Kind::denied, what, std::move(next), base::counted};
  return {base::Kind::denied, what, std::move(next)};
}

bool is_refusal(const base::Error& error) {
  return error.kind() == base::Kind::denied && !error.consequences().transient;
}

bool is_known_code(std::string_view code) {
  return std::ranges::find(meanings, code, &CodeMeaning::code) != meanings.end();
}

bool is_missing_object(std::string_view code) { return code == "002003" || code == "002043"; }

bool session_has_ended(std::string_view code) { return std::ranges::find(gone, code) != gone.end(); }

bool counts_against_user(std::string_view code) { return std::ranges::find(counted, code) != counted.end(); }

}  // namespace snowflake
