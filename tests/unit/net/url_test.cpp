// SPDX-License-Identifier: Apache-2.0
#include "net/url.hpp"

#include "base/error.hpp"
#include "support/catch.hpp"

TEST_CASE("a URL is parsed in the same way as for the request") {
  const auto parts = net::parse_url("HTTPS://Me:word@O-A.SnowflakeComputing.com/path?x=1");
  CHECK(parts.scheme == "https");
  CHECK(parts.host == "o-a.snowflakecomputing.com");
  CHECK(parts.port == 443);
  CHECK(net::parse_url("http://127.0.0.1:8080").port == 8080);
  CHECK(net::parse_url("https://[::1]:4/").host == "[::1]");
  CHECK(net::parse_url("https://good.example\\@evil.example/").host != "good.example");
}

TEST_CASE("an invalid URL is an error") {
  const auto* const text = GENERATE("", "nonsense", "https://", "https://a b/", "/path", "https://h:99999/");
  CAPTURE(text);
  CHECK_THROWS_AS(net::parse_url(text), base::Error);
}

TEST_CASE("percent encoding leaves nothing but the unreserved characters of RFC 3986") {
  CHECK(net::percent_encode("AZaz09-._~") == "AZaz09-._~");
  CHECK(net::percent_encode("a b+c/d&e=f") == "a%20b%2Bc%2Fd%26e%3Df");
  CHECK(net::percent_encode("\xc3\xa9\n") == "%C3%A9%0A");
}

TEST_CASE("RFC 9110's example of a date is parsed, and an invalid date is absent") {
  CHECK(net::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT")->time_since_epoch().count() == 784111777);
  for (const char* text : {"", "yesterday", "Sun, 06 ovD 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
                           "Sun, 06 Nov 0194 08:49:37 GMT"}) {
    CAPTURE(text);
    CHECK_FALSE(net::parse_http_date(text));
  }
}
