// SPDX-License-Identifier: Apache-2.0
#include "config/connection.hpp"

#include "support/catch.hpp"
#include "support/connections.hpp"

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
