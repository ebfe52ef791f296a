// SPDX-License-Identifier: Apache-2.0
#include "snowflake/auth/attended.hpp"

#include "support/catch.hpp"
#include "support/connections.hpp"

TEST_CASE("a person is needed for what only people have") {
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
  CHECK(snowflake::needs_person(fakes::connection(row.fields)) == row.needed);
}
