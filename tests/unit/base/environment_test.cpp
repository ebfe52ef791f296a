// SPDX-License-Identifier: Apache-2.0
#include "base/environment.hpp"
#include "config/connection_keys.hpp"

#include <sys/stat.h>

#include "support/catch.hpp"
#include "support/fakes.hpp"

using base::Environment;

TEST_CASE("a variable that is set to nothing is an empty string") {
  const Environment environment{{{"A", ""}, {"B", "b"}}};
  CHECK(environment.get("A") == "");
  CHECK_FALSE(environment.non_empty("A"));
  CHECK(environment.non_empty("B") == "b");
  CHECK_FALSE(environment.get("C"));
}

TEST_CASE("directories follow the XDG specification") {
  CHECK(Environment{{{"HOME", "/h"}}}.config_home() == "/h/.config");
  CHECK(Environment{{{"HOME", "/h"}, {"XDG_CONFIG_HOME", "/x"}}}.config_home() == "/x");
  CHECK(Environment{{{"HOME", "/h"}, {"XDG_CONFIG_HOME", "relative"}}}.config_home() == "/h/.config");
  CHECK(Environment{{{"HOME", "/h"}}}.state_home() == "/h/.local/state");
  CHECK(Environment{{{"HOME", "/h"}, {"XDG_STATE_HOME", "/x"}}}.state_home() == "/x");
}

TEST_CASE("only a leading tilde is expanded to the home directory") {
  const Environment environment{{{"HOME", "/h"}}};
  CHECK(environment.expand_home("~") == "/h");
  CHECK(environment.expand_home("~/a") == "/h/a");
  CHECK(environment.expand_home("/a/~") == "/a/~");
  CHECK(environment.expand_home("~joe/a") == "~joe/a");
}

TEST_CASE("a relative HOME is ignored, so that nothing is looked up in the current directory") {
  for (const char* home : {"relative", ".", "~"}) CHECK(Environment{{{"HOME", home}}}.home().is_absolute());
}

TEST_CASE("without HOME the password database is used") { CHECK_FALSE(Environment{}.home().empty()); }

TEST_CASE("a runtime directory that others may write to, or that is a link, is not used") {
  fakes::TemporaryDirectory directory;
  const Environment environment{{{"XDG_RUNTIME_DIR", directory.path().string()}}};
  chmod(directory.path().c_str(), 0700);
  CHECK(environment.runtime_directory() == directory.path());
  chmod(directory.path().c_str(), 0777);
  CHECK(environment.runtime_directory() != directory.path());
  chmod(directory.path().c_str(), 0700);
  const auto link = directory.path() / "link";
  std::filesystem::create_symlink(directory.path(), link);
  CHECK(Environment{{{"XDG_RUNTIME_DIR", link.string()}}}.runtime_directory() != link);
}

TEST_CASE("other programs get all variables except those with Snowflake secrets") {
  const Environment environment{{{"PATH", "/bin"},
                                 {"SNOWFLAKE_ACCOUNT", "o-a"},
                                 {"SNOWFLAKE_PASSWORD", "x"},
                                 {"SNOWFLAKE_TOKEN", "x"},
                                 {"SNOWFLAKE_SESSION_TOKEN", "x"},
                                 {"SNOWFLAKE_CONNECTIONS_DEV_PASSWORD", "x"},
                                 {"SNOWFLAKE_CONNECTIONS_DEV_PRIVATE_KEY_RAW", "x"},
                                 {"SNOWFLAKE_CONNECTIONS", "x"},
                                 {"SNOWFLAKE_TOKEN_FILE_PATH", "x"},
                                 {"SNOWFLAKE_PRIVATE_KEY_PATH", "x"},
                                 {"SNOWFLAKE_OAUTH_CLIENT_SECRET", "x"},
                                 {"PRIVATE_KEY_PASSPHRASE", "x"}},
                                &config::is_hidden_from_children};
  CHECK(environment.for_children() == std::vector<std::string>{"PATH=/bin", "SNOWFLAKE_ACCOUNT=o-a"});
  CHECK(base::Environment{environment.all()}.for_children() ==
        std::vector<std::string>{"PATH=/bin", "PRIVATE_KEY_PASSPHRASE=x"});
}
