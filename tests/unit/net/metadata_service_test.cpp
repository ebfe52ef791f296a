// SPDX-License-Identifier: Apache-2.0
#include "net/metadata_service.hpp"

#include "support/catch.hpp"

TEST_CASE("only what ends at the machine is a metadata service of it") {
  for (const char* host : {"169.254.169.254", "169.254.170.2", "169.254.170.23", "[fd00:ec2::254]",
                           "[fd00:ec2::23]", "metadata.google.internal"}) {
    CHECK(net::is_metadata_service(host));
  }
  for (const char* host :
       {"", "169.254.", "169.254.169.254.example", "1.169.254.169", "169.254.a.b", "metadata",
        "metadata.google.internal.example", "example.metadata.google.internal", "127.0.0.1"}) {
    CHECK_FALSE(net::is_metadata_service(host));
  }
}
