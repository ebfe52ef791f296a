// SPDX-License-Identifier: Apache-2.0
#include "base/loopback.hpp"

#include "support/catch.hpp"

TEST_CASE("only what never leaves the machine is loopback") {
  for (const char* host : {"localhost", "127.0.0.1", "127.1.2.3", "[::1]", "::1"}) {
    CAPTURE(host);
    CHECK(base::is_loopback(host));
  }
  for (const char* host : {"", "localhost.evil.example", "127.0.0.1.evil.example", "1270.0.1",
                           "127.evil.example", "128.0.0.1", "xlocalhost", "[::2]", "0.0.0.0"}) {
    CAPTURE(host);
    CHECK_FALSE(base::is_loopback(host));
  }
}
