// SPDX-License-Identifier: Apache-2.0
#include "net/jwt.hpp"

#include "net/crypto.hpp"
#include "support/catch.hpp"

TEST_CASE("the claims of RFC 7519's example are read") {
  // 3.1
  const auto claims = net::claims_of_jwt(
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
      "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  REQUIRE(claims);
  CHECK(base::text_at(*claims, "iss") == "joe");
  CHECK(base::whole_number_at(*claims, "exp") == 1300819380);
}

TEST_CASE("what is no signed JWT has no claims") {
  const auto part = [](const char* text) { return net::base64url(text); };
  const std::string good = part("{}");
  for (const std::string& text :
       {std::string{}, std::string{"a"}, good + "." + good, good + "." + good + ".",
        good + "." + part("[]") + ".AA", part("7") + "." + good + ".AA", good + "." + good + ".A",
        good + "." + good + ".A=", good + "." + good + ".AA.AA", good + "." + part("{") + ".AA",
        std::string{"<html>...</html>"}}) {
    CAPTURE(text);
    CHECK_FALSE(net::claims_of_jwt(text));
  }
  CHECK(net::claims_of_jwt(good + "." + good + ".AA"));
}
