// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>
#include <sstream>

#include "doctor/check.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

using namespace plugin::doctor;

namespace {

class Nobody final : public ui::Prompter {
public:
  base::Secret ask(const std::string&, const std::string&) override { return {}; }
  void tell(const std::string&) override {}
  bool open_browser(const std::string&) override { return false; }
  std::unique_ptr<ui::ProgressIndicator> show_progress(const std::string&) override {
    return std::make_unique<ui::ProgressIndicator>();
  }
};

struct World {
  base::Environment environment{{{"HOME", "/nowhere"}, {"MY_TOKEN", "secret-of-mine"}}};
  fakes::FakeClock clock;
  config::RegistryResolver resolver{environment};
  plugin::Wiring wiring{environment, clock, resolver, std::chrono::seconds{1}, nullptr};
  Nobody nobody;
  std::ostringstream out;
  plugin::Context context{environment, clock, resolver, wiring, nobody, out, out};
  plugin::CommandOptions options;

  Report examine(const std::vector<Check>& checks) {
    Examination examination{context, options, std::nullopt};
    return plugin::doctor::examine(checks, examination, [](const Result&) {});
  }
};

Finding well(Examination&) { return good("well"); }
Finding strange(Examination&) { return odd("strange", "look"); }
Finding bad(Examination&) { return broken("bad", "mend it"); }
Finding nothing(Examination&) { return skipped("nothing to look at"); }
Finding throwing(Examination&) { throw base::Error(base::Kind::network, "it threw", "do this"); }
Finding telling(Examination&) { return good("it said secret-of-mine"); }

std::vector<std::string> sentences(const Report& report) {
  std::vector<std::string> result;
  for (const auto& each : report.results) result.push_back(each.finding.sentence);
  return result;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a check whose ground is broken is skipped, and names what is at the bottom of it") {
  World world;
  CHECK(sentences(world.examine({{"a", "A", {}, &bad},
                                 {"b", "B", {"a"}, &well},
                                 {"c", "C", {"b"}, &well},
                                 {"d", "D", {}, &well}})) ==
        Texts{"bad", "skipped: because of A", "skipped: because of A", "well"});
}

TEST_CASE("what is odd, or was not there to be looked at, is ground enough") {
  World world;
  CHECK(sentences(world.examine(
            {{"a", "A", {}, &strange}, {"b", "B", {}, &nothing}, {"c", "C", {"a", "b"}, &well}})) ==
        Texts{"strange", "skipped: nothing to look at", "well"});
}

TEST_CASE("what a check throws is what is broken") {
  World world;
  const auto report = world.examine({{"a", "A", {}, &throwing}});
  CHECK(report.results[0].finding.state == State::broken);
  CHECK(report.results[0].finding.sentence == "it threw");
  CHECK(report.results[0].finding.next == "do this");
}

TEST_CASE("secrets are blotted out of what checks say") {
  World world;
  CHECK(sentences(world.examine({{"a", "A", {}, &telling}})) == Texts{"it said [removed]"});
}

TEST_CASE("every check stands behind those that it builds on, under a name of its own") {
  std::set<std::string_view> known;
  for (const auto& check : all_checks()) {
    CAPTURE(check.id);
    for (const auto id : check.ground) CHECK(known.contains(id));
    CHECK(known.insert(check.id).second);
  }
}
