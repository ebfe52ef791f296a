// SPDX-License-Identifier: Apache-2.0
#include "config/connection_values.hpp"
#include "support/catch.hpp"
#include "support/connections.hpp"
#include "support/fakes.hpp"

namespace {

void check(const std::string& key, const std::string& value, const base::Environment& environment = {}) {
  config::check_values(fakes::connection({{key, value}}), environment);
}

}  // namespace

TEST_CASE("a reference to a variable is refused before it is sent, in every key") {
  const std::string key = GENERATE("password", "user", "account", "token", "private_key_file", "no_such_key");
  const auto error = fakes::error_of([&] { check(key, "${SNOWFLAKE_PASSWORD}"); });
  CHECK(error.kind() == base::Kind::config);
  CHECK(fakes::contains(error.what(), key + " of the connection is a reference"));
  CHECK(fakes::contains(fakes::error_of([&] { check(key, " ${x_1} \n"); }).what(), "reference"));
}

TEST_CASE("the hint says when the variable is already used") {
  const base::Environment environment{{{"SNOWFLAKE_PASSWORD", "hunter2"}}};
  const auto error = fakes::error_of([&] { check("password", "${SNOWFLAKE_PASSWORD}", environment); });
  CHECK(fakes::contains(error.hint(), "SNOWFLAKE_PASSWORD is set"));
  CHECK_FALSE(fakes::contains(error.hint(), "hunter2"));
}

TEST_CASE("a password may contain dollar signs, braces and spaces") {
  CHECK_NOTHROW(
      check("password", GENERATE("$ecret", "${", "a${b}", "${a b}", "$HOME", " both ends ", "${}")));
}

TEST_CASE("a control character in a password is refused") {
  const auto error = fakes::error_of([] { check("password", "hunter2\n"); });
  CHECK(fakes::contains(error.what(), "password of the connection ends with a newline"));
  CHECK_FALSE(fakes::contains(error.what(), "hunter2"));
  CHECK_THROWS_AS(check("passcode", "12\t34"), base::Error);
  CHECK_NOTHROW(check("private_key_raw", "-----BEGIN\n"));
}

TEST_CASE("a placeholder, a key in place of a name, and characters that cannot be seen are refused") {
  struct Row {
    const char* key;
    const char* value;
    const char* what;
  };
  const auto row = GENERATE(
      Row{"password", "<your-password>", "placeholder"}, Row{"user", "<user>", "placeholder"},
      Row{"user", "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B", "looks like a private key"},
      Row{"role", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "looks like a private key or a token"},
      Row{"authenticator", "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7",
          "looks like a private key"},
      Row{"user", "ja\x1b[2Jne", "cannot be seen"}, Row{"database", "D\u200BB", "cannot be seen"},
      Row{"role", "https://myorg-myacct.snowflakecomputing.com", "is a URL"},
      Row{"password", "   ", "consists of spaces"}, Row{"password", "\uFEFFhunter2", "byte order mark"},
      Row{"password", "$SNOWFLAKE_PASSWORD", "reference"}, Row{"password", "{{ env.PASSWORD }}", "reference"},
      Row{"user", "%USERNAME%", "reference"}, Row{"token", "pat 123", "space"},
      Row{"token", "p\u00E4t", "not part of a token"});
  CAPTURE(row.key, row.value);
  const auto error = fakes::error_of([&] { check(row.key, row.value); });
  CHECK(error.kind() == base::Kind::config);
  CHECK(fakes::contains(error.what(), row.key));
  CHECK(fakes::contains(error.what(), row.what));
  CHECK_FALSE(fakes::contains(error.what(), "MIIE"));
}

TEST_CASE("a refused value is named with its file and line") {
  auto connection = fakes::connection({{"user", "<user>"}});
  connection.name = "dev";
  connection.origins["user"] = "/home/jane/.snowflake/config.toml:3";
  const auto error = fakes::error_of([&] { config::check_values(connection, {}); });
  CHECK(error.what() == std::string{"user of the connection 'dev' is still the placeholder of an example "
                                    "(/home/jane/.snowflake/config.toml:3)"});
}

TEST_CASE("a number where text belongs is refused") {
  auto connection = fakes::connection({{"password", "12345678"}});
  connection.not_text.insert("password");
  CHECK(
      fakes::contains(fakes::error_of([&] { config::check_values(connection, {}); }).what(), "not a string"));
}
