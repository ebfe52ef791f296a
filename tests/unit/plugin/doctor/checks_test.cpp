// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <sstream>

#include "doctor/checks.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

using namespace plugin::doctor;

namespace {

class SilentPrompter final : public ui::Prompter {
public:
  base::Secret ask(const std::string&, const std::string&) override { return {}; }
  void print(const std::string&) override {}
  bool open_browser(const std::string&) override { return false; }
  std::unique_ptr<ui::ProgressIndicator> show_progress(const std::string&, const std::string&) override {
    return std::make_unique<ui::ProgressIndicator>();
  }
};

struct World {
  base::Environment environment{{{"HOME", "/nowhere"}, {"MY_TOKEN", "secret-of-mine"}}};
  fakes::FakeClock clock;
  config::RegistryResolver resolver{environment};
  plugin::Wiring wiring{environment, clock, resolver, std::chrono::seconds{1}, nullptr};
  SilentPrompter prompter;
  std::ostringstream out;
  plugin::Context context{environment, clock, resolver, wiring, prompter, out, out};
  plugin::cli::CommandOptions options;

  Report run(const std::vector<Check>& checks) {
    CheckContext check_context{context, options, std::nullopt};
    return run_checks(checks, check_context);
  }
};

Finding fine(CheckContext&) { return ok("fine"); }
Finding strange(CheckContext&) { return warning("strange", "look"); }
Finding bad(CheckContext&) { return failed("bad", "mend it"); }
Finding nothing(CheckContext&) { return skipped("nothing to look at"); }
Finding throwing(CheckContext&) { throw base::Error(base::Kind::network, "it threw", "do this"); }
Finding telling(CheckContext&) { return ok("it said secret-of-mine"); }

std::vector<std::string> sentences(const Report& report) {
  std::vector<std::string> result;
  for (const auto& each : report.results) result.push_back(each.finding.sentence);
  return result;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a check that depends on a failed one is skipped, and names the first cause") {
  World world;
  CHECK(sentences(world.run({{"a", "A", Group::docker, {}, &bad},
                             {"b", "B", Group::docker, {"a"}, &fine},
                             {"c", "C", Group::docker, {"b"}, &fine},
                             {"d", "D", Group::docker, {}, &fine}})) ==
        Texts{"bad", "skipped: because of A", "skipped: because of A", "fine"});
}

TEST_CASE("a check runs after a warning, and after one that was skipped for its own reason") {
  World world;
  CHECK(sentences(world.run({{"a", "A", Group::docker, {}, &strange},
                             {"b", "B", Group::docker, {}, &nothing},
                             {"c", "C", Group::docker, {"a", "b"}, &fine}})) ==
        Texts{"strange", "skipped: nothing to look at", "fine"});
}

TEST_CASE("an error that a check throws is a failure") {
  World world;
  const auto report = world.run({{"a", "A", Group::docker, {}, &throwing}});
  CHECK(report.results[0].finding.state == State::failed);
  CHECK(report.results[0].finding.sentence == "it threw");
  CHECK(report.results[0].finding.next == "do this");
}

TEST_CASE("secrets are removed from what checks say") {
  World world;
  CHECK(sentences(world.run({{"a", "A", Group::docker, {}, &telling}})) == Texts{"it said [removed]"});
}

TEST_CASE("every check comes after those that it depends on, under an id of its own") {
  std::set<std::string_view> known;
  for (const auto& check : all_checks()) {
    CAPTURE(check.id);
    for (const auto id : check.depends_on) CHECK(known.contains(id));
    CHECK(known.insert(check.id).second);
  }
}

TEST_CASE("a login with a credential is found in any spelling of the host") {
  const std::string host = "a-b.registry.snowflakecomputing.com";
  const auto has = [&](const char* text) {
    return has_login(plugin::docker_config::DockerConfig::read(text, "config.json"), host);
  };
  CHECK(has(R"({"auths":{"a-b.registry.snowflakecomputing.com":{"auth":"x"}}})"));
  CHECK(has(R"({"auths":{"https://A_B.registry.snowflakecomputing.com/v1/":{"identitytoken":"x"}}})"));
  CHECK_FALSE(has(R"({"auths":{"a-b.registry.snowflakecomputing.com":{}}})"));
  CHECK_FALSE(has(R"({"auths":{"a-b.registry.snowflakecomputing.com":7,"other.example":{"auth":"x"}}})"));
  CHECK_FALSE(has(R"({"auths":"x"})"));
  CHECK_FALSE(has("null"));
}
