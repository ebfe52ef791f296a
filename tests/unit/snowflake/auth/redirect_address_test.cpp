// SPDX-License-Identifier: Apache-2.0
#include "snowflake/auth/redirect_address.hpp"

#include "support/catch.hpp"
#include "support/fakes.hpp"

using snowflake::RedirectAddress;

TEST_CASE("a redirect address of this machine takes the port where we listen") {
  struct Case {
    const char *configured, *uri, *path;
    int port;
  };
  for (const auto& [configured, uri, path, port] : {
           Case{"", "http://127.0.0.1:4711", "/", 0},
           Case{"http://127.0.0.1", "http://127.0.0.1:4711", "/", 0},
           Case{"http://localhost/", "http://localhost:4711/", "/", 0},
           Case{"http://localhost/call/back?a=b", "http://localhost:4711/call/back?a=b", "/call/back", 0},
           Case{"http://[::1]/x", "http://[::1]:4711/x", "/x", 0},
           Case{"http://localhost:8080/x", "http://localhost:4711/x", "/x", 8080},
           Case{"http://[::1]:8080", "http://[::1]:4711", "/", 8080},
           Case{"https://relay.example/x", "https://relay.example/x", "/x", 0},
           Case{"https://relay.example:8443/x", "https://relay.example:8443/x", "/x", 8443},
       }) {
    INFO(configured);
    const RedirectAddress address{configured};
    CHECK(address.uri(4711) == uri);
    CHECK(address.path() == path);
    CHECK(address.port() == port);
  }
}

TEST_CASE("what is no web address is refused") {
  for (const auto* configured :
       {"nonsense://x", "http://", "localhost:8080", "http://localhost/#x", "http://a b/"}) {
    INFO(configured);
    CHECK(fakes::error_of([&] { RedirectAddress{configured}; }).kind() == base::Kind::config);
  }
}
