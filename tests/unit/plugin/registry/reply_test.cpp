// SPDX-License-Identifier: Apache-2.0
#include "registry/reply.hpp"

#include "support/catch.hpp"

using plugin::registry::Reply;

TEST_CASE("the text of a failure has the registry's message") {
  const auto answer = [](int status, std::string_view body) {
    return plugin::registry::failure_text(net::HttpResponse{status, {}, base::Secret{body}});
  };
  CHECK(answer(401, R"({"errors":[{"code":"X","message":"no"}]})") == "HTTP status 401, no");
  CHECK(answer(401, " not\ntoday\n") == "HTTP status 401, not today");
  for (const char* body :
       {"", "<html>", "[]", R"({"errors":[]})", R"({"errors":"x"})", R"({"errors":[7]})", "{"})
    CHECK(answer(502, body) == "HTTP status 502");
}

TEST_CASE("the header Range says how many bytes the registry has") {
  const auto received = [](const std::string& range) {
    return Reply::of(net::HttpResponse{202, {{"range", range}}, {}}).received;
  };
  CHECK(received("0-499") == 500U);
  CHECK(received("bytes=0-499") == 500U);
  CHECK(received("0-0") == 0U);
  for (const char* range : {"", "5-9", "0-", "0-x", "-9", "0--1", "0-99999999999999999999"}) {
    CAPTURE(range);
    CHECK_FALSE(received(range));
  }
}
