// SPDX-License-Identifier: Apache-2.0
#include "snowflake/auth/authenticator.hpp"

#include "support/catch.hpp"
#include "support/connections.hpp"

TEST_CASE("a stored credential allows a login without a user if the authenticator uses it") {
  struct Row {
    const char* authenticator;
    const char* password;
    std::string_view kinds;
  };
  const auto row =
      GENERATE(Row{"externalbrowser", "", "session id-token"},
               Row{"oauth_authorization_code", "", "session oauth-access-token oauth-refresh-token"},
               Row{"username_password_mfa", "p", "session mfa-token"},
               Row{"username_password_mfa", "", "session"}, Row{"snowflake", "", "session"});
  const auto connection =
      fakes::connection({{"authenticator", row.authenticator}, {"password", row.password}});
  for (const std::string_view kind :
       {"session", "registry-token", "id-token", "mfa-token", "oauth-access-token", "oauth-refresh-token"}) {
    CAPTURE(row.authenticator, kind);
    CHECK(snowflake::allows_login_without_user(connection, kind) ==
          (row.kinds.find(kind) != std::string_view::npos));
  }
}

TEST_CASE("a login that needs a password, a browser or a phone is interactive") {
  struct Row {
    std::map<std::string, std::string> fields;
    bool needed;
  };
  const auto row = GENERATE(Row{{{"authenticator", "externalbrowser"}, {"user", "u"}}, true},
                            Row{{{"authenticator", "oauth_authorization_code"}}, true},
                            Row{{{"authenticator", "username_password_mfa"}, {"password", "p"}}, true},
                            Row{{{"password", "p"}}, false}, Row{{{"user", "u"}}, true},
                            Row{{{"authenticator", "https://a.okta.com"}, {"password", "p"}}, false},
                            Row{{{"authenticator", "https://a.okta.com"}}, true},
                            Row{{{"authenticator", "SNOWFLAKE_JWT"}}, false},
                            Row{{{"session_token", "s"}, {"master_token", "m"}}, false});
  CHECK(snowflake::is_interactive(fakes::connection(row.fields)) == row.needed);
}
