// SPDX-License-Identifier: Apache-2.0
#include "doctor/report.hpp"

#include <algorithm>
#include <sstream>

#include "base/text.hpp"
#include "doctor/json_report.hpp"
#include "doctor/text_report.hpp"
#include "output/terminal_text.hpp"
#include "support/catch.hpp"

using namespace plugin::doctor;

namespace {

Report report_of(std::vector<Finding> findings) {
  Report report{"a-b.registry.snowflakecomputing.com", "", {}};
  for (auto& finding : findings) {
    const std::string id = "check" + std::to_string(report.results.size());
    report.results.push_back({id, "check " + id, std::move(finding)});
  }
  return report;
}

const Result long_one{
    "tls", "TLS",
    broken("the certificate of myorg-myacct.registry.snowflakecomputing.com expired … on a day",
           "ask somebody who can renew it, with all of the words that are written here")};

std::string shown(const Result& result, const Style& style) {
  std::ostringstream out;
  print_result(out, result, style);
  return out.str();
}

}  // namespace

TEST_CASE("the first thing that is broken is the cause, and only without one the first that is odd") {
  CHECK(report_of({good("a"), skipped("b")}).first_cause() == nullptr);
  CHECK(report_of({good("a"), skipped("b")}).state() == State::good);
  const auto odd_only = report_of({good("a"), odd("b", "do"), odd("c", "do")});
  CHECK(odd_only.first_cause()->id == "check1");
  CHECK(odd_only.state() == State::odd);
  const auto both = report_of({odd("a", "do"), broken("b", "do"), broken("c", "do")});
  CHECK(both.first_cause()->id == "check1");
  CHECK(both.state() == State::broken);
}

TEST_CASE("the verdict names the cause, or what works") {
  CHECK(verdict(report_of({good("a")})) ==
        "everything works: docker push and docker pull sign in to a-b.registry.snowflakecomputing.com");
  CHECK(verdict(report_of({odd("a thing", "do")})) == "it works; look at check check0: a thing");
  CHECK(verdict(report_of({broken("a thing", "do")})) == "the first cause is check check0: a thing");
}

TEST_CASE("on a terminal no line is wider than it") {
  for (const std::size_t width : {20U, 33U, 50U, 59U, 60U, 80U, 200U}) {
    const auto text = shown(long_one, {width, true, false, true});
    CAPTURE(width, text);
    for (const auto& line : base::split(text, '\n')) CHECK(output::width_of(line) <= width);
    CHECK(text.find("next: ") != std::string::npos);
  }
}

TEST_CASE("elsewhere a finding is one line, and what to do next another") {
  const auto text = shown(long_one, {20, false, false, true});
  CHECK(std::ranges::count(text, '\n') == 2);
  CHECK(shown({"a", "A", good("two\nlines")}, {80, false, false, true}).find("two lines") !=
        std::string::npos);
}

TEST_CASE("colours and characters beyond ASCII are for those who can see them") {
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

TEST_CASE("programs are told the same") {
  const auto json = to_json(report_of({good("fine"), broken("a thing", "do this")}));
  CHECK(json.at("verdict").at("state") == "failed");
  CHECK(json.at("verdict").at("cause") == "check1");
  CHECK(json.at("verdict").at("next") == "do this");
  CHECK(json.at("checks").size() == 2);
  CHECK(json.at("checks")[0].at("state") == "ok");
  CHECK(to_json(report_of({good("fine")})).at("verdict").at("cause").is_null());
}
