// SPDX-License-Identifier: Apache-2.0
#include "net/curl_trace.hpp"

#include "support/catch.hpp"

TEST_CASE("no_proxy names hosts and domains, by whole labels") {
  CHECK(net::is_excepted("a.example", "a.example"));
  CHECK(net::is_excepted("a.example", "x, .example"));
  CHECK(net::is_excepted("a.example", "x EXAMPLE"));
  CHECK(net::is_excepted("a.example", "*"));
  CHECK_FALSE(net::is_excepted("a.example", ""));
  CHECK_FALSE(net::is_excepted("a.example", "ample,b.example,a.example.org"));
}
