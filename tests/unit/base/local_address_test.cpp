// SPDX-License-Identifier: Apache-2.0
#include "base/local_address.hpp"

#include "support/catch.hpp"

TEST_CASE("only addresses that never leave the machine are loopback") {
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

TEST_CASE("internal addresses are recognized in every notation") {
  for (const char* host : {"127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
                           "169.254.169.254", "100.64.0.1", "0.0.0.0", "[::1]", "::", "[fe80::1%eth0]",
                           "fd00::1", "[::ffff:10.0.0.1]", "::127.0.0.1", "localhost"}) {
    CAPTURE(host);
    CHECK(base::is_internal_address(host));
  }
  for (const char* host :
       {"172.32.0.1", "8.8.8.8", "2001:db8::1", "[::ffff:8.8.8.8]", "10.example", "a.example"}) {
    CAPTURE(host);
    CHECK_FALSE(base::is_internal_address(host));
  }
}

TEST_CASE("only link-local addresses and the clouds' own names are metadata services") {
  for (const char* host : {"169.254.169.254", "169.254.170.2", "169.254.170.23", "[fd00:ec2::254]",
                           "[fd00:ec2::23]", "metadata.google.internal"}) {
    CHECK(base::is_metadata_service(host));
  }
  for (const char* host :
       {"", "169.254.", "169.254.169.254.example", "1.169.254.169", "169.254.a.b", "metadata",
        "metadata.google.internal.example", "example.metadata.google.internal", "127.0.0.1"}) {
    CHECK_FALSE(base::is_metadata_service(host));
  }
}
