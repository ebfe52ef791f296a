// SPDX-License-Identifier: Apache-2.0
#include "snowflake/auth/code_challenge.hpp"

#include "support/catch.hpp"

TEST_CASE("a code challenge agrees with RFC 7636, appendix B") {
  const base::Secret verifier{"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"};
  CHECK(snowflake::code_challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST_CASE("verifiers are 43 characters, each time others") {
  const auto first = snowflake::random_verifier();
  CHECK(first.reveal().size() == 43);
  CHECK(first.reveal() != snowflake::random_verifier().reveal());
}
