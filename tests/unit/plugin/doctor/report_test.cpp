// SPDX-License-Identifier: Apache-2.0
#include "doctor/report.hpp"

#include <algorithm>
#include <sstream>

#include "base/text.hpp"
#include "output/terminal_text.hpp"
#include "support/catch.hpp"

using namespace plugin::doctor;

namespace {

Report report_of(std::vector<Finding> findings) {
  Report report{"a-b.registry.snowflakecomputing.com", "", {}};
  for (auto& finding : findings) {
    const std::string id = "check" + std::to_string(report.results.size());
    report.results.push_back({id, "check " + id, Group::network, std::move(finding)});
  }
  return report;
}

const Result long_one{
    "tls", "TLS", Group::network,
    failed("the certificate of myorg-myacct.registry.snowflakecomputing.com expired … on a day",
           "ask an administrator who can renew it, with all of the words that are written here")};

std::string shown(const Result& result, const Style& style) {
  std::ostringstream out;
  print_result(out, result, style);
  return out.str();
}

}  // namespace

TEST_CASE("the first failure is the cause, and without one the first warning") {
  CHECK(report_of({ok("a"), skipped("b")}).first_cause() == nullptr);
  CHECK(report_of({ok("a"), skipped("b")}).state() == State::ok);
  const auto warnings_only = report_of({ok("a"), warning("b", "do"), warning("c", "do")});
  CHECK(warnings_only.first_cause()->id == "check1");
  CHECK(warnings_only.state() == State::warning);
  const auto both = report_of({warning("a", "do"), failed("b", "do"), failed("c", "do")});
  CHECK(both.first_cause()->id == "check1");
  CHECK(both.state() == State::failed);
  const auto login = failed("a", "do", {"login", "-c", "dev"});
  CHECK(report_of({login, failed("b", "do")}).first_cause()->id == "check0");
  CHECK(report_of({login, failed("b", "do", {"setup", "--host", "h"})}).first_cause()->id == "check1");
  CHECK(report_of({failed("a", "do"), failed("b", "do", {"setup"})}).first_cause()->id == "check0");
}

TEST_CASE("the verdict names the cause, or what works") {
  CHECK(verdict(report_of({ok("a")})) ==
        "everything works: docker push and docker pull log in to a-b.registry.snowflakecomputing.com");
  CHECK(verdict(report_of({warning("a thing", "do")})) == "it works, with a warning: a thing");
  CHECK(verdict(report_of({failed("a thing", "do")})) == "it does not work: a thing");
}

TEST_CASE("the verdict comes first, then a line for each group, and details only where something is wrong") {
  auto report = report_of({ok("reached"), failed("the port is closed", "open it")});
  report.results.push_back({"late", "late", Group::network, failed("a second failure", "mend it")});
  report.results.push_back({"x", "x", Group::docker, ok("docker works")});
  report.results.push_back({"y", "y", Group::registry, skipped("because of check check1")});
  const auto text = [&](bool verbose) {
    std::ostringstream out;
    print_report(out, report, {80, false, false, false}, verbose);
    return out.str();
  };
  CHECK(text(false) ==
        "x It does not work: the port is closed\n"
        "  next: open it\n"
        "\n"
        "+ Docker             x: docker works\n"
        "x Network\n"
        "  x check check1       see above\n"
        "  x late               a second failure\n"
        "      next: mend it\n"
        "- Registry           skipped: because of check check1\n");
  CHECK(text(true).find("  + check check0       reached\n") != std::string::npos);
  CHECK(text(true).find("  x check check1       the port is closed\n      next: open it\n") !=
        std::string::npos);
}

TEST_CASE("no line is wider than the terminal") {
  for (const std::size_t width : {20U, 33U, 50U, 59U, 60U, 80U, 200U}) {
    const auto text = shown(long_one, {width, true, false, true});
    CAPTURE(width, text);
    // A host is not broken, so that it can be copied.
    const std::size_t longest = std::string_view{"myorg-myacct.registry.snowflakecomputing.com"}.size();
    for (const auto& line : base::split(text, '\n'))
      CHECK(plugin::output::width_of(line) <= std::max(width, longest));
    CHECK(text.find("myorg-myacct.registry.snowflakecomputing.com") != std::string::npos);
    CHECK(text.find("next: ") != std::string::npos);
  }
}

TEST_CASE("in a pipe, a finding is one line, and the next step another") {
  const auto text = shown(long_one, {20, false, false, true});
  CHECK(std::ranges::count(text, '\n') == 2);
  CHECK(shown({"a", "A", Group::network, ok("two\nlines")}, {80, false, false, true}).find("two lines") !=
        std::string::npos);
}

TEST_CASE("colors and characters beyond ASCII are used only where they can be shown") {
  CHECK(shown(long_one, {80, true, true, true}).starts_with("\033[31m✗\033[0m "));
  const auto plain = shown(long_one, {80, true, false, false});
  CHECK(plain.starts_with("x "));
  CHECK(std::ranges::all_of(plain, [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
  CHECK(plain.find("expired ...") != std::string::npos);
}

TEST_CASE("the locale says whether a terminal shows UTF-8") {
  const auto unicode = [](base::Environment::Variables variables) {
    return Style::of({}, base::Environment{std::move(variables)}).unicode;
  };
  CHECK(unicode({{"LANG", "de_DE.UTF-8"}}));
  CHECK(unicode({{"LANG", "C"}, {"LC_CTYPE", "C.utf8"}}));
  CHECK_FALSE(unicode({{"LANG", "de_DE.UTF-8"}, {"LC_ALL", "C"}}));
  CHECK_FALSE(unicode({}));
}

TEST_CASE("the JSON report has the verdict and the checks") {
  const auto json = to_json(report_of({ok("fine"), failed("a thing", "do this")}));
  CHECK(json.at("verdict").at("state") == "failed");
  CHECK(json.at("verdict").at("cause") == "check1");
  CHECK(json.at("verdict").at("next") == "do this");
  CHECK(json.at("checks").size() == 2);
  CHECK(json.at("checks")[0].at("state") == "ok");
  CHECK(to_json(report_of({ok("fine")})).at("verdict").at("cause").is_null());
}
