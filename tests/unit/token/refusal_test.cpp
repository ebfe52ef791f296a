// SPDX-License-Identifier: Apache-2.0
#include "token/refusal.hpp"

#include "support/catch.hpp"
#include "support/fakes.hpp"

using namespace std::chrono_literals;

namespace {

const token::StoreKey jane{
    .kind = "registry-token", .host = "o-a.snowflakecomputing.com", .user = "JANE", .detail = ""};
const base::Error wrong_password{base::Kind::denied, "390100: Incorrect username or password was specified.",
                                 "correct the password"};

struct Remembered {
  fakes::TemporaryFolder folder;
  fakes::FakeClock clock;
  explicit Remembered(std::chrono::seconds pause = token::pause_after_counted) {
    token::remember_refusal(folder.path(), jane, "sources", wrong_password, pause, clock.now());
  }
  void check(const token::StoreKey& key, const std::string& sources) const {
    token::throw_if_refused(folder.path(), key, sources, clock.now());
  }
};

}  // namespace

TEST_CASE("a refused sign-in is refused again at once, in the same words and with the time that is left") {
  Remembered refusal;
  refusal.clock.advance(5min);
  const auto error = fakes::error_of([&] { refusal.check(jane, "sources"); });
  CHECK(error.kind() == base::Kind::denied);
  CHECK(error.what() ==
        std::string{
            "390100: Incorrect username or password was specified. (not tried again for another 10 minutes, "
            "to not lock the user out; docker snowflake login tries at once)"});
  CHECK(error.hint() == "correct the password");
}

TEST_CASE("time, a changed file and an explicit sign-in lift a refusal") {
  Remembered refusal;
  SECTION("time") { refusal.clock.advance(15min); }
  SECTION("a clock that stepped back") { refusal.clock.step(-1h); }
  SECTION("an explicit sign-in") { token::forget_refusal(refusal.folder.path(), jane); }
  CHECK_NOTHROW(refusal.check(jane, "sources"));
}

TEST_CASE("a changed file lifts a refusal") { CHECK_NOTHROW(Remembered{}.check(jane, "other sources")); }

TEST_CASE("what locks nobody out may soon be tried again") {
  Remembered refusal{token::pause_after_others};
  const auto error = fakes::error_of([&] { refusal.check(jane, "sources"); });
  CHECK(fakes::contains(error.what(), "(not tried again for another 10 seconds)"));
  refusal.clock.advance(10s);
  CHECK_NOTHROW(refusal.check(jane, "sources"));
}

TEST_CASE("a refusal concerns one user at one account, in one role") {
  const Remembered refusal;
  CHECK_NOTHROW(refusal.check({jane.kind, jane.host, "JOE", ""}, "sources"));
  CHECK_NOTHROW(refusal.check({jane.kind, "x-y.snowflakecomputing.com", "JANE", ""}, "sources"));
  CHECK_NOTHROW(refusal.check({jane.kind, jane.host, "JANE", "another role"}, "sources"));
  CHECK_THROWS(refusal.check({"session", jane.host, "JANE", ""}, "sources"));
}

TEST_CASE("a mark that was cut off counts as none") {
  fakes::TemporaryFolder folder;
  token::remember_refusal(folder.path(), jane, "sources", wrong_password, token::pause_after_counted,
                          base::TimePoint{});
  for (const auto& entry : std::filesystem::recursive_directory_iterator{folder.path()}) {
    if (entry.is_regular_file()) std::filesystem::resize_file(entry.path(), 20);
  }
  CHECK_NOTHROW(token::throw_if_refused(folder.path(), jane, "sources", base::TimePoint{}));
}

TEST_CASE("a folder that cannot be written to does not hide the refusal itself") {
  CHECK_NOTHROW(token::remember_refusal("/proc/nowhere", jane, "sources", wrong_password,
                                        token::pause_after_counted, base::TimePoint{}));
}
