// SPDX-License-Identifier: Apache-2.0
#include "ui/browser_request.hpp"

#include "support/catch.hpp"

namespace {

ui::BrowserRequest browser_request(std::string_view bytes) {
  return std::get<ui::BrowserRequest>(ui::parse_browser_request(bytes));
}

bool is(ui::Unreadable expected, std::string_view bytes) {
  const auto parsed = ui::parse_browser_request(bytes);
  const auto* unreadable = std::get_if<ui::Unreadable>(&parsed);
  return unreadable != nullptr && *unreadable == expected;
}

}  // namespace

TEST_CASE("a redirect is parsed from a GET request") {
  const auto get = browser_request(
      "GET /?token=ver%3A1-x%2F%2B%3D HTTP/1.1\r\nHost: LOCALHOST:4711\r\nUser-Agent: Mozilla/5.0\r\n"
      "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nAccept: a\r\nAccept: b\r\n\r\n");
  CHECK(get.method == "GET");
  CHECK(get.path == "/");
  CHECK(ui::value_of(get.fields, "token") == "ver:1-x/+=");
  CHECK(get.host == "localhost:4711");
  CHECK(get.fetch_mode == "navigate");
  CHECK(get.fetch_destination == "document");
  CHECK(browser_request("GET /favicon.ico HTTP/1.0\r\n\r\n").path == "/favicon.ico");
}

TEST_CASE("a POST request has JSON or a form, whatever its content type") {
  const std::string head = "POST / HTTP/1.1\r\nHost: localhost\r\nOrigin: https://a.example\r\n";
  const auto json = browser_request(
      head + "Content-Type: text/plain\r\nContent-Length: 30\r\n\r\n{\"token\":\"t\",\"consent\":false} ");
  CHECK(ui::value_of(json.fields, "token") == "t");
  CHECK(ui::value_of(json.fields, "consent") == "false");
  CHECK(json.origin == "https://a.example");
  const auto form = browser_request(head + "Content-Length: 7\r\n\r\ntoken=tGET / HTTP/1.1");
  CHECK(ui::value_of(form.fields, "token") == "t");
}

TEST_CASE("a pre-flight request has the requested method and headers") {
  const auto asked = browser_request(
      "OPTIONS / HTTP/1.1\r\nHost: localhost\r\nOrigin: https://a.example\r\n"
      "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type\r\n\r\n");
  CHECK(asked.requested_method == "POST");
  CHECK(asked.requested_headers == "content-type");
}

TEST_CASE("an incomplete request is recognized") {
  const std::string whole = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 7\r\n\r\ntoken=t";
  for (std::size_t size = 0; size < whole.size(); ++size) {
    INFO(size);
    CHECK(is(ui::Unreadable::incomplete, whole.substr(0, size)));
  }
  CHECK(browser_request(whole).method == "POST");
}

TEST_CASE("requests that no browser sends are malformed") {
  const auto* end = "\r\n\r\n";
  for (const auto* head : {
           "",
           "GET",
           "GET /",
           "GET / HTTP/2",
           "GET  / HTTP/1.1",
           "GET http://localhost/ HTTP/1.1",
           "GET /a b HTTP/1.1",
           "GET /\x01 HTTP/1.1",
           "\x16\x03\x01",
           "G(T / HTTP/1.1",
           "GET / HTTP/1.1\r\nno colon",
           "GET / HTTP/1.1\r\n folded: x",
           "GET / HTTP/1.1\r\nHost : localhost",
           "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example",
           "GET /?a=%zz HTTP/1.1",
           "GET /?token=a&token=b HTTP/1.1",
           "POST / HTTP/1.1\r\nContent-Length: -1",
           "POST / HTTP/1.1\r\nContent-Length: 1e3",
           "POST / HTTP/1.1\r\nContent-Length:",
           "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999",
           "POST / HTTP/1.1\r\nContent-Length: 300000",
           "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2",
           "POST / HTTP/1.1\r\nTransfer-Encoding: chunked",
       }) {
    INFO(head);
    CHECK(is(ui::Unreadable::malformed, std::string{head} + end));
  }
  CHECK(is(ui::Unreadable::malformed, "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{]"));
}

TEST_CASE("a request that is too long is malformed before it ends") {
  const std::string endless(ui::max_browser_request, 'a');
  CHECK(is(ui::Unreadable::malformed, "GET /?" + endless));
  CHECK(is(ui::Unreadable::incomplete, "GET /?" + endless.substr(100)));
}

TEST_CASE("a loopback host is distinguished from a name that only resolves to it") {
  for (const auto* host : {"localhost", "localhost:1", "127.0.0.1:80", "[::1]:80", "[::1]"}) {
    INFO(host);
    CHECK(ui::names_loopback(host));
  }
  for (const auto* host : {"", ":80", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example",
                           "[::2]:80", "[::1", "10.0.0.1", "0.0.0.0"}) {
    INFO(host);
    CHECK_FALSE(ui::names_loopback(host));
  }
}

TEST_CASE("a form is parsed as browsers write it") {
  const auto fields = ui::parse_form("token=a%2Bb%3D%3D+c&&empty=&alone&%74x=%C3%A9");
  REQUIRE(fields);
  CHECK(ui::value_of(*fields, "token") == "a+b== c");
  CHECK(fields->contains("empty"));
  CHECK(fields->contains("alone"));
  CHECK(ui::value_of(*fields, "tx") == "\xC3\xA9");
  CHECK(ui::value_of(*fields, "absent").empty());
  CHECK(ui::parse_form("")->empty());
}

TEST_CASE("a form with a broken escape, or with a repeated name, is invalid") {
  for (const auto* text : {"a=%", "a=%4", "a=%zz", "a=%-1", "a=1&a=2", "a=1&%61=2"}) {
    INFO(text);
    CHECK_FALSE(ui::parse_form(text));
  }
}

TEST_CASE("strings and booleans of JSON are fields") {
  const auto fields = ui::parse_json_fields(R"({"token":"t","consent":false,"n":1,"list":["x"]})");
  REQUIRE(fields);
  CHECK(fields->size() == 2);
  CHECK(ui::value_of(*fields, "consent") == "false");
  CHECK_FALSE(ui::parse_json_fields("[1]"));
  CHECK_FALSE(ui::parse_json_fields("{"));
}

TEST_CASE("a pasted URL has the fields of its query") {
  const auto token = [](const char* address) {
    return std::string{ui::value_of(ui::fields_in_url(address), "token")};
  };
  CHECK(token(" http://localhost:1234/?token=ver%3A1&x=y#there \n") == "ver:1");
  CHECK(token("/?token=t") == "t");
  CHECK(token("token=t").empty());
  CHECK(token("http://localhost/?token=%").empty());
  CHECK(token("").empty());
}
