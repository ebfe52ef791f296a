// SPDX-License-Identifier: Apache-2.0
#include "config/connection_values.hpp"
#include "support/catch.hpp"
#include "support/connections.hpp"
#include "support/fakes.hpp"

namespace {

void check(const std::string& key, const std::string& value, const base::Environment& environment = {}) {
  config::check_values(fakes::connection({{key, value}}), environment);
}

std::string variable(const std::string& value, bool is_password = true) {
  const auto found = config::find_reference(value, is_password);
  return found.what == "a reference to a variable" ? found.variable : "(" + found.what + ")";
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

TEST_CASE("a placeholder, a key in place of a name, and invisible characters are refused") {
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
      Row{"user", "ja\x1b[2Jne", "invisible character"}, Row{"database", "D\u200BB", "invisible character"},
      Row{"role", "https://myorg-myacct.snowflakecomputing.com", "is a URL"},
      Row{"password", "   ", "consists of spaces"}, Row{"password", "\uFEFFhunter2", "byte order mark"},
      Row{"password", "$SNOWFLAKE_PASSWORD", "reference"}, Row{"password", "{{ env.PASSWORD }}", "reference"},
      Row{"password", "$(SNOWFLAKE_PASSWORD)", "reference"},
      Row{"token", "${{ secrets.TOKEN }}", "reference"},
      Row{"password", "op://vault/item/password", "secret in a vault"},
      Row{"password", "file:///run/secrets/pw", "path of a file"}, Row{"password", "********", "masked copy"},
      Row{"private_key_raw", "$(KEY)", "reference"}, Row{"user", "None", "missing value"},
      Row{"account", "your_account", "placeholder"}, Row{"user", "%USERNAME%", "reference"},
      Row{"token", "pat 123", "space"}, Row{"token", "p\u00E4t", "no token has"});
  CAPTURE(row.key, row.value);
  const auto error = fakes::error_of([&] { check(row.key, row.value); });
  CHECK(error.kind() == base::Kind::config);
  CHECK(fakes::contains(error.what(), row.key));
  CHECK(fakes::contains(error.what(), row.what));
  CHECK_FALSE(fakes::contains(error.what(), "MIIE"));
}

TEST_CASE("what may be a password, or the path of one, is not refused") {
  CHECK_NOTHROW(check("password", GENERATE("your_password", "changeme", "/a/b/c", "op-12345")));
  CHECK_NOTHROW(check("token_file_path", "/run/secrets/token"));
}

TEST_CASE("what is not text in UTF-8, or cannot be a name or a path, is refused") {
  struct Row {
    const char* key;
    std::string value;
    const char* what;
  };
  const auto row = GENERATE(Row{"password", "p\xe4ssword", "is not text in UTF-8"},
                            Row{"user", "j\xe4ne", "is not text in UTF-8"},
                            Row{"role", std::string(2000, 'x'), "is too long for a name"},
                            Row{"password", "\u200Bhunter22", "invisible character"},
                            Row{"token", "https://x.example/y", "is a URL"},
                            Row{"token", "./token", "looks like the path of a file"},
                            Row{"private_key_file", "$HOME/key.p8", "begins with a variable"},
                            Row{"token_file_path", "${HOME}/token", "begins with a variable"});
  CAPTURE(row.key, row.value);
  const auto error = fakes::error_of([&] { check(row.key, row.value); });
  CHECK(fakes::contains(error.what(), row.what));
  CHECK_FALSE(fakes::contains(error.what(), "hunter22"));
}

TEST_CASE("a list in place of a value is called that") {
  auto connection = fakes::connection({{"port", "[\n    443\n]"}});
  connection.non_text_keys.insert("port");
  CHECK(fakes::contains(fakes::error_of([&] { config::check_values(connection, {}); }).what(),
                        "is a list or a table"));
}

TEST_CASE("a token from a file is judged as the one in the connection") {
  const config::Connection connection{.name = "dev", .fields = {}};
  const std::string token = GENERATE("${TOKEN_OF_JOB}", "***", "None", "op://v/i/f", "/run/secrets/token",
                                     "tok\u200Ben", "t\xe4", "a\x01");
  const auto error =
      fakes::error_of([&] { config::check_token_from_file(connection, base::Secret{token}, "/t"); });
  CHECK(fakes::contains(error.what(), "token of the connection 'dev' "));
  CHECK(fakes::contains(error.what(), "(/t)"));
  CHECK_NOTHROW(config::check_token_from_file(connection, base::Secret{"ver:1-hint:12-ETMsDg=="}, "/t"));
}

TEST_CASE("a refused value is named with its file and line") {
  auto connection = fakes::connection({{"user", "<user>"}});
  connection.name = "dev";
  connection.origins["user"] = "/home/jane/.snowflake/config.toml:3";
  const auto error = fakes::error_of([&] { config::check_values(connection, {}); });
  CHECK(error.what() == std::string{"user of the connection 'dev' is still the placeholder from an example "
                                    "(/home/jane/.snowflake/config.toml:3)"});
}

TEST_CASE("a number where text belongs is refused") {
  auto connection = fakes::connection({{"password", "12345678"}});
  connection.non_text_keys.insert("password");
  CHECK(
      fakes::contains(fakes::error_of([&] { config::check_values(connection, {}); }).what(), "not a string"));
}

TEST_CASE("a variable that should have been replaced by its value is recognized, also as a password") {
  const std::string value =
      GENERATE("${PASS_WORD}", "${PASS_WORD:-}", "${PASS_WORD:?is missing}", "${env:PASS_WORD}",
               "${secrets.PASS_WORD}", "${{ secrets.PASS_WORD }}", "${{secrets.PASS_WORD}}", "$(PASS_WORD)",
               "$[variables.PASS_WORD]", "$env:PASS_WORD", "$PASS_WORD", "%PASS_WORD%", "%env.PASS_WORD%",
               "((PASS_WORD))", "#{PASS_WORD}", "#{PASS_WORD}#", "{{ env.PASS_WORD }}", "{{PASS_WORD}}",
               "__PASS_WORD__", "@@PASS_WORD@@", "<%= PASS_WORD %>", " ${PASS_WORD} \n");
  CAPTURE(value);
  CHECK((variable(value) == "PASS_WORD" || value.starts_with("<%") || value.find(":?") != std::string::npos));
  CHECK_FALSE(config::find_reference(value, true).empty());
  CHECK_FALSE(config::find_reference(value, false).empty());
}

TEST_CASE("a password may look a little like a reference") {
  const std::string value =
      GENERATE("$ecret", "${", "${}", "a${b}", "${a b}", "$HOME", "%d%", "__x__", "__Secret_1__", "()", "(x)",
               "$()", "{{}}", "**", "a***", "none", "nullable", "ENC", "#{}", "<x>", "");
  CAPTURE(value);
  CHECK(config::find_reference(value, true).empty());
}

TEST_CASE("names may be references in any case") {
  CHECK(variable("$user", false) == "user");
  CHECK(variable("%username%", false) == "username");
  CHECK(config::find_reference("__dunder__", false).empty());
}

TEST_CASE("commands, vaults, hidden copies and words for nothing are recognized") {
  const auto [value, what] = GENERATE(
      table<std::string, std::string>({{"$(cat /run/secrets/x)", "variable"},
                                       {"op://vault/item/password", "vault"},
                                       {"arn:aws:secretsmanager:eu-west-1:1:secret:x", "vault"},
                                       {"@Microsoft.KeyVault(SecretUri=https://v/secrets/x)", "vault"},
                                       {"projects/p/secrets/x/versions/latest", "vault"},
                                       {"ENC[AES256_GCM,data:x]", "vault"},
                                       {"***", "masked copy"},
                                       {"************", "masked copy"},
                                       {"\u2022\u2022\u2022\u2022", "masked copy"},
                                       {"[MASKED]", "masked copy"},
                                       {"None", "missing value"},
                                       {"null", "missing value"},
                                       {"undefined", "missing value"}}));
  CAPTURE(value);
  CHECK(config::find_reference(value, true).what.find(what) != std::string::npos);
}
