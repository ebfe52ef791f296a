// SPDX-License-Identifier: Apache-2.0
#include "net/crypto.hpp"
#include "base/text.hpp"
#include "support/catch.hpp"

#include <regex>
#include <set>

TEST_CASE("SHA-256 agrees with FIPS 180-4's examples") {
  CHECK(base::to_hex(net::sha256("abc")) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(base::to_hex(net::sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("HMAC-SHA-256 agrees with RFC 4231's cases, of short and of long keys") {
  const auto mac = [](const std::string& key, const std::string& text) {
    return base::to_hex(net::hmac_sha256(key, text));
  };
  CHECK(mac(std::string(20, '\x0b'), "Hi There") ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(mac("Jefe", "what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(mac(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First") ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("base64 agrees with the vectors of RFC 4648") {
  CHECK(net::base64("").empty());
  CHECK(net::base64("f") == "Zg==");
  CHECK(net::base64("fo") == "Zm8=");
  CHECK(net::base64("foo") == "Zm9v");
  CHECK(net::base64("foobar") == "Zm9vYmFy");
  CHECK(net::base64("\xfb\xff") == "+/8=");
}

TEST_CASE("base64url agrees with RFC 7515, appendix C") {
  CHECK(net::base64url("\x03\xec\xff\xe0\xc1") == "A-z_4ME");
  CHECK(net::base64url("\xfb\xff") == "-_8");
}

TEST_CASE("UUIDs are random and different") {
  const std::regex form{"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"};
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const auto uuid = net::random_uuid();
    CHECK(std::regex_match(uuid, form));
    seen.insert(uuid);
  }
  CHECK(seen.size() == 100);
  CHECK(net::random_bytes(33).size() == 33);
  const double fraction = net::random_fraction();
  CHECK(fraction >= 0);
  CHECK(fraction < 1);
}

TEST_CASE("texts are compared completely") {
  CHECK(net::equal_in_constant_time("", ""));
  CHECK(net::equal_in_constant_time("abc", "abc"));
  CHECK_FALSE(net::equal_in_constant_time("abc", "abd"));
  CHECK_FALSE(net::equal_in_constant_time("abc", "ab"));
  CHECK_FALSE(net::equal_in_constant_time("abc", ""));
}

TEST_CASE("the claims of RFC 7519's example are read") {
  // 3.1
  const auto claims = net::jwt_claims(
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
      "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
  REQUIRE(claims);
  CHECK(base::text_at(*claims, "iss") == "joe");
  CHECK(base::whole_number_at(*claims, "exp") == 1300819380);
}

TEST_CASE("text that is not a signed JWT has no claims") {
  const auto part = [](const char* text) { return net::base64url(text); };
  const std::string good = part("{}");
  for (const std::string& text :
       {std::string{}, std::string{"a"}, good + "." + good, good + "." + good + ".",
        good + "." + part("[]") + ".AA", part("7") + "." + good + ".AA", good + "." + good + ".A",
        good + "." + good + ".A=", good + "." + good + ".AA.AA", good + "." + part("{") + ".AA",
        std::string{"<html>...</html>"}}) {
    CAPTURE(text);
    CHECK_FALSE(net::jwt_claims(text));
  }
  CHECK(net::jwt_claims(good + "." + good + ".AA"));
}
