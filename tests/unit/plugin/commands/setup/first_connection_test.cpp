// SPDX-License-Identifier: Apache-2.0
#include "commands/setup/setup.hpp"
#include "support/catch.hpp"

TEST_CASE("the statement quotes a name that needs it") {
  CHECK(plugin::commands::setup::alter_user_statement("jane", "key") ==
        "ALTER USER jane SET RSA_PUBLIC_KEY = 'a2V5';");
  CHECK(plugin::commands::setup::alter_user_statement("jane@example.com", "key") ==
        "ALTER USER \"JANE@EXAMPLE.COM\" SET RSA_PUBLIC_KEY = 'a2V5';");
  CHECK(plugin::commands::setup::alter_user_statement("a\"b", "").starts_with("ALTER USER \"A\"\"B\" SET"));
}
