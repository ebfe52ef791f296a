// SPDX-License-Identifier: Apache-2.0
#include "docker_config/undo.hpp"

#include "base/file_change.hpp"
#include "base/json.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace docker_config = plugin::docker_config;

using plugin::docker_config::DesiredConfig;
using plugin::docker_config::Plan;

namespace {

constexpr const char* undo_host = "myorg-myacct.registry.snowflakecomputing.com";

Plan plan_for(const std::string& text, const DesiredConfig& desired = {.hosts = {undo_host}}) {
  return docker_config::plan(text, "config.json", desired);
}

base::Json parsed_json(const std::string& text) { return base::parse_json(text).value(); }

}  // namespace

TEST_CASE("a change is undone to the byte, and contains no secret") {
  const auto text = GENERATE(
      as<std::string>{}, "{}", "{\r\n  \"a\" : 1\r\n}", "{\"credHelpers\":null}", "{\"credsStore\":\"\"}",
      "{\"credHelpers\":{\"myorg-myacct.registry.snowflakecomputing.com\":\"pass\"}}\n\n",
      "{\"credHelpers\":{\"myorg-myacct.registry.snowflakecomputing.com\":\"\xff\"}} {\"more\":1}", "null",
      " \r\n");
  const auto plan = plan_for(text, {.hosts = {undo_host}, .default_store = "pass"});
  const auto change = docker_config::change_of("/h/config.json", text, plan);
  const auto undone = docker_config::undo(plan.text, change);
  CHECK(undone.text == text);
  CHECK(undone.kept.empty());
}

TEST_CASE("a file that did not exist is removed, and a blank one is blank again") {
  const auto plan = plan_for("");
  CHECK_FALSE(docker_config::undo(plan.text, docker_config::change_of("/h/c", std::nullopt, plan)).text);
  CHECK(docker_config::undo(plan.text, docker_config::change_of("/h/c", " \n", plan)).text == " \n");
}

TEST_CASE("changes that other programs made since stay when a change is undone") {
  const std::string before =
      "{\n  \"credHelpers\": {\n    \"x\": \"y\"\n  },\n  \"detachKeys\": \"ctrl-x\"\n}\n";
  const auto plan = plan_for(before);
  const auto change = docker_config::change_of("/h/config.json", before, plan);
  auto now = plan.text;
  now.replace(now.find("ctrl-x"), 6, "ctrl-y");
  CHECK(docker_config::undo(now, change).text ==
        "{\n  \"credHelpers\": {\n    \"x\": \"y\"\n  },\n  \"detachKeys\": \"ctrl-y\"\n}\n");
  now.replace(now.find("\"snowflake\""), 11, "\"pass\"");
  const auto undone = docker_config::undo(now, change);
  CHECK(undone.kept == std::vector<std::string>{std::string{"credHelpers."} + undo_host});
}

TEST_CASE("the store that Docker was given stays when logins were added since") {
  const auto plan = plan_for("{}", {.hosts = {undo_host}, .default_store = "pass"});
  const auto change = docker_config::change_of("/h/config.json", "{}", plan);
  auto json = parsed_json(plan.text);
  json["auths"] = {{"other.example", base::Json::object()}};
  const auto undone = docker_config::undo(json.dump(), change);
  CHECK(parsed_json(*undone.text) == parsed_json(R"({"credsStore":"pass","auths":{"other.example":{}}})"));
  CHECK(undone.kept == std::vector<std::string>{"credsStore"});
}

TEST_CASE("the record of changes is read as it was written, and removed when it is empty") {
  const fakes::TemporaryDirectory directory;
  const base::Environment environment{{{"XDG_STATE_HOME", directory.path().string()}}};
  auto record = docker_config::UndoRecord::read(environment);
  CHECK(record.changes.empty());
  docker_config::Change change{"/h/config.json", true, "/h", " \n", "mark", {}, {"a"}};
  change.edits.push_back({"o", "k", std::nullopt, "1", 7, "", ", \"k\": 1"});
  record.changes.push_back(change);
  record.write();
  auto again = docker_config::UndoRecord::read(environment);
  REQUIRE(again.changes.size() == 1);
  const auto& read = again.changes.front();
  CHECK((read.file == change.file && read.made_file && read.made_directory == "/h" && read.blank == " \n"));
  CHECK((read.after == "mark" && read.logins == change.logins));
  REQUIRE(read.edits.size() == 1);
  CHECK((read.edits[0].key == "k" && !read.edits[0].was && read.edits[0].now == "1"));
  CHECK((read.edits[0].at == 7 && read.edits[0].added == ", \"k\": 1"));
  base::write_file(record.file(), "{\"version\":1,\"changes\":[{}]}");
  CHECK(fakes::contains(fakes::error_of([&] { docker_config::UndoRecord::read(environment); }).what(),
                        "setup.json"));
  again.changes.clear();
  again.write();
  CHECK(std::filesystem::is_empty(directory.path()));
}
