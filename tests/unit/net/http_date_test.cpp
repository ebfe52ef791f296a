// SPDX-License-Identifier: Apache-2.0
#include "net/http_date.hpp"

#include "support/catch.hpp"

TEST_CASE("RFC 9110's example is read") {
  const auto at = net::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT");
  REQUIRE(at);
  CHECK(at->time_since_epoch().count() == 784111777);
}

TEST_CASE("what is no date of HTTP is none") {
  for (const char* text :
       {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 ovD 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
        "Sun, 06 Nov 1994 08:4x:37 GMT", "Sun, -6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 0194 08:49:37 GMT"}) {
    CAPTURE(text);
    CHECK_FALSE(net::parse_http_date(text));
  }
}
