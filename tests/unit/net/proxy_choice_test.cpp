// SPDX-License-Identifier: Apache-2.0
#include "net/proxy_choice.hpp"

#include "support/catch.hpp"
#include "support/fakes.hpp"

using net::proxy_for;

TEST_CASE("no_proxy has the same syntax as for Docker") {
  const auto spared = [](const char* no_proxy, const char* host = "a.example", int port = 443) {
    return !net::ProxyChoice{"http://proxy", "https_proxy", no_proxy}.applies_to({"https", host, port});
  };
  for (const char* all :
       {"a.example", "x, .example", "x EXAMPLE", "*", "*.example", "a.example:443", ".example:443"}) {
    CAPTURE(all);
    CHECK(spared(all));
  }
  for (const char* none : {"", "ample,b.example,a.example.org", ".a.example", "*.a.example", "a.example:80",
                           ":", "10.0.0.0/8"}) {
    CAPTURE(none);
    CHECK_FALSE(spared(none));
  }
  CHECK(spared("10.0.0.0/8", "10.1.2.3"));
  CHECK(spared("10.1.2.3:443", "10.1.2.3"));
  CHECK(spared("[2001:db8::1]:443", "[2001:db8:0::1]"));
  CHECK(spared("2001:db8::/32", "[2001:db8:0::1]"));
  CHECK_FALSE(spared("10.0.0.0/33", "10.1.2.3"));
  CHECK_FALSE(spared("10.0.0.0/16", "10.1.2.3"));
}

TEST_CASE("the proxy is the one in the environment for the scheme") {
  const auto url_for = [](base::Environment::Variables variables, const char* url) {
    return proxy_for(base::Environment{std::move(variables)}, net::parse_url(url)).url;
  };
  CHECK(url_for({{"https_proxy", "p"}, {"HTTPS_PROXY", "q"}, {"all_proxy", "r"}}, "https://a.example") ==
        "p");
  CHECK(url_for({{"https_proxy", ""}, {"HTTPS_PROXY", "q"}}, "https://a.example") == "q");
  CHECK(url_for({{"https_proxy", "p"}, {net::proxy_of_connection, "c"}}, "https://a.example") == "c");
  CHECK(url_for({{"http_proxy", "p"}, {"ALL_PROXY", "r"}}, "https://a.example") == "r");
  CHECK(url_for({{"http_proxy", "p"}}, "http://a.example") == "p");
  // A web client's header could have set it (CVE-2016-5385).
  CHECK(url_for({{"HTTP_PROXY", "p"}}, "http://a.example").empty());
}

TEST_CASE("a proxy's address is shown without its user and password") {
  const net::ProxyChoice named{"http://joe:p@ss@proxy.example:3128/", "https_proxy", ""};
  CHECK(named.host_and_port() == "proxy.example:3128");
  CHECK(named.without_login("bad 'http://joe:p@ss@proxy.example', or joe:p@ss@") ==
        "bad 'http://proxy.example', or ");
  const net::ProxyChoice plain{"proxy.example", "https_proxy", ""};
  CHECK(plain.host_and_port() == "proxy.example");
  CHECK(plain.without_login("proxy.example is gone") == "proxy.example is gone");
  CHECK_FALSE(net::ProxyChoice{}.applies_to({"https", "a.example", 443}));
}

TEST_CASE("a password that ends the host of its URL is noticed") {
  const std::string password = GENERATE("pa/ss", "pa?ss", "pa#ss");
  CAPTURE(password);
  CHECK(net::ProxyChoice{"http://joe:" + password + "@proxy.example:3128", "https_proxy", ""}
            .has_unencoded_login());
  CHECK_FALSE(
      net::ProxyChoice{"http://joe:pa%2Fss@proxy.example:3128/", "https_proxy", ""}.has_unencoded_login());
}

TEST_CASE("requests that never leave this machine do not use a proxy") {
  const base::Environment environment{{{"https_proxy", "p"}, {"http_proxy", "p"}}};
  for (const char* url :
       {"http://127.0.0.1:5055/", "https://localhost/", "http://[::1]/", "http://169.254.169.254/latest"}) {
    CAPTURE(url);
    CHECK(proxy_for(environment, net::parse_url(url)).url.empty());
  }
}

TEST_CASE("a password where the port belongs is refused, and not shown") {
  const auto error_for = [](const char* proxy) {
    return fakes::error_of([&] {
      proxy_for(base::Environment{{{"HTTPS_PROXY", proxy}}}, net::parse_url("https://a.example"));
    });
  };
  for (const char* proxy : {"http://joe:hunter2", "joe:hunter2/", "http://joe:hunter2@proxy:hunter2"}) {
    CAPTURE(proxy);
    const auto error = error_for(proxy);
    CHECK(error.kind() == base::Kind::config);
    CHECK(fakes::contains(error.what(), "HTTPS_PROXY"));
    CHECK_FALSE(fakes::contains(error.what() + error.hint(), "hunter2"));
  }
  for (const char* proxy :
       {"proxy", "http://proxy:", "http://proxy:3128/", "[::1]:3128", "http://[fd00::ab]"}) {
    CAPTURE(proxy);
    CHECK(proxy_for(base::Environment{{{"HTTPS_PROXY", proxy}}}, net::parse_url("https://a.example")).url ==
          proxy);
  }
}
