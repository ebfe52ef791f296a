// SPDX-License-Identifier: Apache-2.0
#include "config/value_reference.hpp"

#include "support/catch.hpp"

namespace {

std::string variable(const std::string& value, bool is_password = true) {
  const auto found = config::find_reference(value, is_password);
  return found.what == "a reference to a variable" ? found.variable : "(" + found.what + ")";
}

}  // namespace

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
