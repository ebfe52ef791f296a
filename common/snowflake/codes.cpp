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
constexpr std::string_view sign_in_again = "sign in again: docker snowflake login";
constexpr std::string_view approve = "sign in with a person at hand: docker snowflake login";
constexpr std::string_view new_token = "get a new token and put it where the connection takes it from";
constexpr std::string_view check_clock = "set the clock of this machine (timedatectl), then try again";

struct Row {
  std::string_view code;
  std::string_view hint;
};

constexpr std::array rows = {
    Row{"390100",
        "correct user and password in the connection, or SNOWFLAKE_PASSWORD; five failures lock the user"},
    Row{"390101", "correct the connection's user and password"},
    Row{"390102", "the user is locked: wait fifteen minutes, or have an administrator unlock it"},
    Row{"390103", "ask an administrator whether the user is disabled"},
    Row{"390104", sign_in_again},
    Row{"390110", sign_in_again},
    Row{"390111", sign_in_again},
    Row{"390112", sign_in_again},
    Row{"390113", sign_in_again},
    Row{"390114", sign_in_again},
    Row{"390115", sign_in_again},
    Row{"390120", "the approval was denied: sign in and approve it: docker snowflake login"},
    Row{"390121", approve},
    Row{"390122", "enroll the user in multi-factor authentication in Snowsight, or use a key pair"},
    Row{"390123", "the second factor is locked: ask an administrator"},
    Row{"390124", approve},
    Row{"390125", approve},
    Row{"390126", "nobody approved in time: docker snowflake login"},
    Row{"390127", "the passcode was wrong: docker snowflake login, with a new one"},
    Row{"390129", approve},
    Row{"390132", "push is switched off for this user: give a passcode to docker snowflake login"},
    Row{"390139", "check the user at the identity provider"},
    Row{"390144", register_key},
    Row{"390189",
        "name a role that is granted to the user: role = \"...\" in the connection or in the settings"},
    Row{"390191", "sign in to the browser as the user of the connection"},
    Row{"390195", sign_in_again},
    Row{"390201", "correct database, schema, warehouse and role in the connection"},
    Row{"390303", new_token},
    Row{"390309", "make user in the connection the one that the token was made for"},
    Row{"390318", new_token},
    Row{"390400", "check the connection; if it is right, report this"},
    Row{"390401", "check the connection, and the user's sign-ins in Snowsight"},
    Row{"390422",
        "this address is not allowed in: use the VPN, or ask for a network policy that includes it"},
    Row{"394300", register_key},
    Row{"394301", check_clock},
    Row{"394302", check_clock},
    Row{"394303", check_clock},
    Row{"394304", register_key},
    Row{"394305", "use an RSA key (openssl genrsa 2048 | openssl pkcs8 -topk8 -out key.p8)"},
    Row{"394306", register_key},
    Row{"394400",
        "make a new programmatic access token in Snowsight, and check that a network policy covers the user"},
    Row{"394507", "give the current passcode: docker snowflake login"},
    Row{"394508", "give the current passcode: docker snowflake login"},
    Row{"394509",
        "this user needs a second factor: use a key pair or a programmatic access token, or docker snowflake "
        "login"},
    Row{"394633", "give the current passcode: docker snowflake login"},
    Row{"002003", "check the name, and that the role may see it"},
    Row{"003001", "ask for the privilege, or name another role in the connection"},
    Row{"090105", "name a database in the connection, or qualify the name"},
    Row{"090106", "name a schema in the connection, or qualify the name"},
};

/// What a person asked for by hand, when we get it from no table.
constexpr std::string_view unknown = "look the code up in Snowflake's documentation, or ask an administrator";

constexpr std::array gone = {std::string_view{"390104"}, std::string_view{"390110"},
                             std::string_view{"390111"}, std::string_view{"390113"},
                             std::string_view{"390114"}, std::string_view{"390115"}};

}  // namespace

base::Error refusal(std::string_view code, std::string_view message) {
  const auto row = std::ranges::find(rows, code, &Row::code);
  const std::string_view hint = row == rows.end() ? unknown : row->hint;
  const std::string words =
      message.empty() ? "Snowflake refused without giving a reason" : base::printable(message);
  return {base::Kind::denied, (code.empty() ? std::string{} : std::string{code} + ": ") + words,
          std::string{hint}};
}

bool session_is_gone(std::string_view code) { return std::ranges::find(gone, code) != gone.end(); }

}  // namespace snowflake
