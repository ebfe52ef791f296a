// SPDX-License-Identifier: Apache-2.0
#include "snowflake/codes.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace snowflake {
namespace {

constexpr std::string_view register_key =
    "register the public key: ALTER USER <user> SET RSA_PUBLIC_KEY='...', and check user and account in the "
    "connection";
constexpr std::string_view sign_in = "log in again: LOGIN";
constexpr std::string_view new_token = "get a new token and put it where the connection takes it from";
constexpr std::string_view check_clock = "set the clock of this machine (timedatectl), then try again";
constexpr std::string_view approve = "LOGIN, with the phone at hand";
constexpr std::string_view passcode = "LOGIN --mfa-passcode, with the passcode that is shown now";

struct Row {
  std::string_view code;
  std::string_view meaning;
  std::string_view next;  ///< LOGIN stands for the command that logs in
};

constexpr std::array rows = {
    Row{"390100", "user name or password is wrong",
        "correct user and password in the connection, or SNOWFLAKE_PASSWORD; five failures lock the user"},
    Row{"390101", "the user may not log in this way", "check user and authenticator in the connection"},
    Row{"390102", "the user is locked for a while",
        "wait fifteen minutes, or have an administrator unlock the user"},
    Row{"390103", "the user may not log in", "ask an administrator whether the user is disabled"},
    Row{"390104", "the session is not known", sign_in},
    Row{"390110", "the id token has expired", sign_in},
    Row{"390111", "the session no longer exists", sign_in},
    Row{"390112", "the session has expired", sign_in},
    Row{"390113", "the master token is not known", sign_in},
    Row{"390114", "the master token has expired", sign_in},
    Row{"390115", "the master token is not valid", sign_in},
    Row{"390120", "the approval was denied", approve},
    Row{"390121", "the approval is still waited for", approve},
    Row{"390122", "the user has no second factor yet",
        "enroll the user in multi-factor authentication in Snowsight, or use a key pair"},
    Row{"390123", "the second factor is locked", "ask an administrator to unlock it"},
    Row{"390124", "a second factor is needed", approve},
    Row{"390125", "a passcode was sent by SMS", passcode},
    Row{"390126", "the login was not approved in time", approve},
    Row{"390127", "the passcode was wrong", passcode},
    Row{"390128", "the second factor was accepted, and the login did not go on", sign_in},
    Row{"390129", "the service for second factors failed", approve},
    Row{"390132", "approval by phone is switched off for the user", passcode},
    Row{"390139", "the identity provider refused the login", "check the user at the identity provider"},
    Row{"390144", "the token that the private key signed is not valid", register_key},
    Row{"390189", "the role does not exist, or is not granted to the user",
        "name a role that is granted to the user: role = \"...\" in the connection or in the settings"},
    Row{"390191", "the browser logged in another user",
        "log in to the browser as the user of the connection"},
    Row{"390195", "the id token is not valid", sign_in},
    Row{"390201", "database, schema, warehouse or role does not exist, or is not allowed",
        "correct database, schema, warehouse and role in the connection"},
    Row{"390303", "the OAuth access token is not valid", new_token},
    Row{"390309", "the token belongs to another user",
        "make user in the connection the one that the token was made for"},
    Row{"390318", "the OAuth access token has expired", new_token},
    Row{"390400", "Snowflake rejected the request as malformed",
        "check the connection; if it is right, report this"},
    Row{"390401", "the login failed", "check the connection, and the user's login history in Snowsight"},
    Row{"390422", "the login is not allowed from here",
        "this address is not allowed in: use the VPN, or ask for a network policy that includes it"},
    Row{"394300", "the token that the private key signed is not valid", register_key},
    Row{"394301", "the token that the private key signed has expired", check_clock},
    Row{"394302", "the token that the private key signed is not valid yet", check_clock},
    Row{"394303", "the token that the private key signed lives too long", check_clock},
    Row{"394304", "the private key is not the user's", register_key},
    Row{"394305", "the kind of private key is not accepted",
        "use an RSA key (openssl genrsa 2048 | openssl pkcs8 -topk8 -out key.p8)"},
    Row{"394306", "the token that the private key signed has the wrong form", register_key},
    Row{"394400", "the programmatic access token is not valid",
        "make a new programmatic access token in Snowsight, and check that a network policy covers the user"},
    Row{"394507", "the passcode was not accepted", passcode},
    Row{"394508", "the passcode was not accepted", passcode},
    Row{"394509", "the user needs a second factor that programs cannot use",
        "use single sign-on, a key pair or a programmatic access token; or LOGIN"},
    Row{"394633", "the passcode was not accepted", passcode},
    Row{"002003", "there is no such object", "check the name, and that the role may see it"},
    Row{"003001", "the role may not do this",
        "ask for the privilege, or name another role in the connection"},
    Row{"090105", "no database is named", "name a database in the connection, or qualify the name"},
    Row{"090106", "no schema is named", "name a schema in the connection, or qualify the name"},
};

/// Says something about where this machine is, and nothing about the user, the session or a token.
constexpr std::string_view not_from_here = "390422";

constexpr Row unknown = {"", "Snowflake refused without giving a reason",
                         "look the code up in Snowflake's documentation, or ask an administrator"};

std::string with_login(std::string_view next, std::string_view login) {
  constexpr std::string_view placeholder = "LOGIN";
  std::string text{next};
  if (const auto place = text.find(placeholder); place != std::string::npos)
    text.replace(place, placeholder.size(), login);
  return text;
}

constexpr std::array gone = {std::string_view{"390104"}, std::string_view{"390110"},
                             std::string_view{"390111"}, std::string_view{"390113"},
                             std::string_view{"390114"}, std::string_view{"390115"}};

/// Wrong passwords and passcodes, users who are locked for them, and whatever a phone was tier for.
constexpr std::array counted = {
    std::string_view{"390100"}, std::string_view{"390102"}, std::string_view{"390120"},
    std::string_view{"390121"}, std::string_view{"390123"}, std::string_view{"390124"},
    std::string_view{"390125"}, std::string_view{"390126"}, std::string_view{"390127"},
    std::string_view{"390128"}, std::string_view{"390129"}, std::string_view{"390132"},
    std::string_view{"394507"}, std::string_view{"394508"}, std::string_view{"394633"}};

}  // namespace

base::Error refusal(std::string_view code, std::string_view message, std::string_view login) {
  const auto found = std::ranges::find(rows, code, &Row::code);
  const Row& row = found == rows.end() ? unknown : *found;
  const std::string words = message.empty() ? std::string{row.meaning} : base::printable(message);
  const base::Error plain{base::Kind::denied,
                          (code.empty() ? std::string{} : std::string{code} + ": ") + words,
                          with_login(row.next, login)};
  if (code == not_from_here) return {plain.kind(), plain.what(), plain.hint(), base::transient};
  if (counts_against_user(code)) return {plain.kind(), plain.what(), plain.hint(), base::counted};
  return plain;
}

bool session_is_gone(std::string_view code) { return std::ranges::find(gone, code) != gone.end(); }

bool counts_against_user(std::string_view code) { return std::ranges::find(counted, code) != counted.end(); }

}  // namespace snowflake
