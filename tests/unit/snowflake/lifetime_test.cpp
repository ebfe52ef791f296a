// SPDX-License-Identifier: Apache-2.0
#include "snowflake/lifetime.hpp"

#include "support/catch.hpp"

using namespace std::chrono_literals;

TEST_CASE("whatever the server says of a lifetime becomes a number of seconds that makes sense") {
  struct Row {
    const char* data;
    std::chrono::seconds life;
  };
  const auto row = GENERATE(
      Row{R"({"s": 3600})", 3600s}, Row{R"({"s": 60})", 60s}, Row{R"({"s": 5})", 5s}, Row{R"({"s": 0})", 0s},
      Row{R"({"s": -7})", -7s}, Row{R"({})", 60s}, Row{R"({"s": null})", 60s}, Row{R"({"s": "3600"})", 3600s},
      Row{R"({"s": "soon"})", 60s}, Row{R"({"s": [1]})", 60s}, Row{R"({"s": 99999999999})", 4h},
      Row{R"({"s": 1e300})", 4h}, Row{R"({"s": -1e300})", 0s}, Row{R"([])", 60s}, Row{"null", 60s});
  CAPTURE(row.data);
  CHECK(snowflake::lifetime_at(base::Json::parse(row.data), "s", 4h) == row.life);
}

TEST_CASE("what can be replaced at any time lives as usual when the server says nothing") {
  const auto life = [](const char* data) {
    return snowflake::lifetime_at(base::Json::parse(data), "s", 4h, 1h);
  };
  CHECK(life("{}") == 1h);
  CHECK(life(R"({"s": null})") == 1h);
  CHECK(life(R"({"s": 7})") == 7s);
  CHECK(life(R"({"s": 99999})") == 4h);
}
