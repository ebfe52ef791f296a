// SPDX-License-Identifier: Apache-2.0
#include "snowflake/connection_client.hpp"

#include "net/proxy_choice.hpp"
#include "support/catch.hpp"
#include "support/connections.hpp"
#include "support/fakes.hpp"

namespace {

const base::Environment environment{{{"HTTPS_PROXY", "http://other:1"}, {"NO_PROXY", "a"}, {"PATH", "/bin"}}};

}  // namespace

TEST_CASE("a connection without a proxy uses the environment's") {
  CHECK(snowflake::with_proxy_of(fakes::connection({{"account", "o-a"}}), environment).all() ==
        environment.all());
}

TEST_CASE("the proxy of a connection takes the place of the environment's") {
  const auto result = snowflake::with_proxy_of(fakes::connection({{"proxy_host", "http://proxy.example/"},
                                                                  {"proxy_port", "3128"},
                                                                  {"proxy_user", "j@ne"},
                                                                  {"proxy_password", "p:w"},
                                                                  {"no_proxy", R"(["b", "c"])"}}),
                                               environment);
  CHECK(result.all() ==
        base::Environment::Variables{{"PATH", "/bin"},
                                     {net::proxy_of_connection, "http://j%40ne:p%3Aw@proxy.example:3128"},
                                     {"no_proxy", "b,c"}});
}

TEST_CASE("half a proxy is refused") {
  for (const char* key : {"proxy_host", "proxy_port"}) {
    const auto error = fakes::error_of([&] {
      snowflake::with_proxy_of(fakes::connection({{key, "3128"}}), environment);
    });
    CHECK(error.kind() == base::Kind::config);
    CHECK(fakes::contains(error.what(), key));
  }
}

TEST_CASE("timeouts of a connection are seconds above zero") {
  CHECK(fakes::connection({{"login_timeout", "7"}}).seconds("login_timeout") == std::chrono::seconds{7});
  CHECK_FALSE(fakes::connection({{"account", "o-a"}}).seconds("login_timeout"));
  for (const char* value : {"0", "-1", "soon", "99999999999"}) {
    const auto connection = fakes::connection({{"login_timeout", value}});
    INFO("value: " << value);
    CHECK(fakes::error_of([&] { connection.seconds("login_timeout"); }).kind() == base::Kind::config);
  }
}

TEST_CASE("connections with the same proxy and timeout share a client") {
  const auto key = [](const std::map<std::string, std::string>& fields) {
    return snowflake::client_key(fakes::connection(fields));
  };
  CHECK(key({{"account", "o-a"}}) == key({{"account", "o-b"}, {"role", "R"}}));
  CHECK(key({}) != key({{"proxy_host", "a"}, {"proxy_port", "1"}}));
  CHECK(key({{"proxy_host", "a"}}) != key({{"proxy_port", "a"}}));
  CHECK(key({{"network_timeout", "5"}}) != key({}));
}
