// SPDX-License-Identifier: Apache-2.0
#include "docker_config/plan.hpp"

#include "base/json.hpp"
#include "docker_config/undo.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace docker_config = plugin::docker_config;

using plugin::docker_config::DesiredConfig;
using plugin::docker_config::Plan;

namespace {

constexpr const char* plan_host = "myorg-myacct.registry.snowflakecomputing.com";

Plan planned(const std::string& text, const DesiredConfig& desired = {.hosts = {plan_host}}) {
  return docker_config::plan(text, "config.json", desired);
}

base::Json json_of(const std::string& text) { return base::parse_json(text).value(); }

}  // namespace

TEST_CASE("a host gets its helper under both names, in the layout of the file") {
  const auto plan = planned("");
  CHECK(plan.text ==
        "{\n\t\"credHelpers\": {\n\t\t\"myorg-myacct.registry.snowflakecomputing.com\": \"snowflake\",\n"
        "\t\t\"myorg-myacct.registry.snowflakecomputing.com:443\": \"snowflake\"\n\t}\n}\n");
  CHECK(planned(plan.text).is_empty());
  CHECK(planned("{\"credHelpers\":null}").text ==
        "{\"credHelpers\":{\"myorg-myacct.registry.snowflakecomputing.com\":\"snowflake\","
        "\"myorg-myacct.registry.snowflakecomputing.com:443\":\"snowflake\"}}");
}

TEST_CASE("a registry with a port of its own has one name") {
  const auto plan = planned("{}", {.hosts = {"localhost:5055"}});
  CHECK(json_of(plan.text) == json_of(R"({"credHelpers":{"localhost:5055":"snowflake"}})"));
}

TEST_CASE("the store that Docker would have used is written when it stops looking for one") {
  struct Row {
    const char* text;
    bool written;
  };
  const auto row = GENERATE(Row{"", true}, Row{"{}", true}, Row{R"({"auths":{},"credHelpers":{}})", true},
                            Row{R"({"credsStore":""})", true}, Row{R"({"credsStore":"desktop"})", false},
                            Row{R"({"auths":{"other.example":{}}})", false},
                            Row{R"({"credHelpers":{"other.example":"x"}})", false});
  CAPTURE(row.text);
  const auto json = json_of(planned(row.text, {.hosts = {plan_host}, .default_store = "secretservice"}).text);
  CHECK((json.value("credsStore", "") == "secretservice") == row.written);
}

TEST_CASE("old logins of these hosts are removed, in any spelling, and those of others stay") {
  const std::string text = R"({
  "auths": {
    "myorg-myacct.registry.snowflakecomputing.com": {"auth": "c2VjcmV0"},
    "https://MyOrg_MyAcct.registry.snowflakecomputing.com/v2/": {},
    "myorg-myacct.registry.snowflakecomputing.com:443": {},
    "other-acct.registry.snowflakecomputing.com": {"auth": "c2VjcmV0"},
    "myorg-myacct.registry.snowflakecomputing.com.evil.example": {"auth": "c2VjcmV0"}
  }
})";
  const auto plan = planned(text);
  CHECK(plan.old_logins ==
        std::vector<std::string>{plan_host, "https://MyOrg_MyAcct.registry.snowflakecomputing.com/v2/"});
  CHECK(json_of(plan.text)["auths"].size() == 3);
  CHECK(planned(text, {.hosts = {plan_host}, .keep_logins = true}).old_logins.empty());
  const auto shadow = planned(text, {.hosts = {plan_host}, .helpers = false});
  CHECK(shadow.old_logins.size() == 2);
  CHECK(shadow.edits.empty());
  CHECK(planned(shadow.text, {.hosts = {plan_host}, .helpers = false}).is_empty());
}

TEST_CASE("helpers under a wrong spelling, and other helpers for these hosts, are replaced") {
  const std::string text =
      R"({"credHelpers":{"MYORG_myacct.registry.snowflakecomputing.com":"snowflake","myorg-myacct.registry.snowflakecomputing.com":"pass","other.example":"pass"}})";
  const auto plan = planned(text);
  CHECK(
      json_of(plan.text)["credHelpers"] ==
      json_of(
          R"({"myorg-myacct.registry.snowflakecomputing.com":"snowflake","other.example":"pass","myorg-myacct.registry.snowflakecomputing.com:443":"snowflake"})"));
}

TEST_CASE("the backup has no secrets, and is the same otherwise") {
  const std::string text =
      R"({ "HttpHeaders": {"Authorization": "x"}, "auths": {"a": {"auth": "x"}, "b": {}},  "credsStore": "pass", "proxies": {"default": {"httpProxy": "http://u:p@h"}} })";
  CHECK(docker_config::without_secrets(text, "config.json") ==
        R"({ "HttpHeaders": {}, "auths": {"a": {}, "b": {}},  "credsStore": "pass", "proxies": {} })");
}

TEST_CASE("without a record everything that names our helper is removed, and nothing else") {
  const auto removed = [](const std::string& text) {
    return docker_config::plan_removal(text, "config.json").text;
  };
  CHECK(removed(planned("{\"credsStore\":\"pass\"}").text) == "{\"credsStore\":\"pass\"}");
  CHECK(removed(R"({"credHelpers":{"a":"snowflake","b":"pass"},"credsStore":"snowflake"})") ==
        R"({"credHelpers":{"b":"pass"}})");
  CHECK(docker_config::plan_removal(R"({"credHelpers":{"b":"pass"}})", "config.json").is_empty());
  CHECK(docker_config::plan_removal(R"({"credHelpers":{}})", "config.json").is_empty());
  CHECK(docker_config::plan_removal("", "config.json").is_empty());
}

TEST_CASE("a file with contradicting parts is refused") {
  const auto error = fakes::error_of([] { planned(R"({"credHelpers":{"a":"pass"},"credHelpers":null})"); });
  CHECK(fakes::contains(error.what(), "occurs more than once"));
  CHECK_FALSE(error.hint().empty());
}

TEST_CASE("a password in a key is not kept anywhere") {
  const std::string key = "https://jane:hunter2@myorg-myacct.registry.snowflakecomputing.com/v2/";
  const auto text = R"({"auths":{")" + key + R"(":{"auth":"x"}},"credHelpers":{")" + key +
                    R"(":"snowflake","u:hunter2@other":"pass"}})";
  const auto plan = planned(text);
  for (const auto& edit : plan.edits) CHECK_FALSE(fakes::contains(edit.removed + edit.key, "hunter2"));
  const auto change = docker_config::change_of("/h/config.json", text, plan);
  for (const auto& login : change.logins)
    CHECK(login == "https://myorg-myacct.registry.snowflakecomputing.com/v2/");
  CHECK_FALSE(fakes::contains(docker_config::without_secrets(text, "config.json"), "hunter2"));
  CHECK(docker_config::without_user_info("a@b@c/d@e") == "c/d@e");
  CHECK(docker_config::without_user_info("host/path@x") == "host/path@x");
  CHECK(docker_config::without_user_info("host:443/path@x") == "host:443/path@x");
  CHECK(docker_config::without_user_info("jane:pw@registry.example") == "registry.example");
  CHECK(docker_config::without_user_info("jane:p@/w@registry.example") == "registry.example");
  CHECK(docker_config::without_user_info("https://jane:p/w@registry.example/v1/") ==
        "https://registry.example/v1/");
}

TEST_CASE("hints are enabled for this plugin, besides the settings of other plugins") {
  const DesiredConfig desired{.hosts = {plan_host}, .hints = true};
  const auto json =
      json_of(planned(R"({"plugins":{"other":{"x":"y"}},"features":{"buildkit":"true"}})", desired).text);
  CHECK(json["plugins"] == json_of(R"({"other":{"x":"y"},"snowflake":{"hooks":"push,pull"}})"));
  CHECK(json["features"] == json_of(R"({"buildkit":"true","hooks":"true"})"));
  CHECK(planned(planned("", desired).text, desired).is_empty());
  const auto plan = planned("{}", desired);
  const auto change = docker_config::change_of("config.json", "{}", plan);
  CHECK(docker_config::undo(plan.text, change).text == "{}");
}
