// SPDX-License-Identifier: Apache-2.0
#include "output/time_zone.hpp"

#include <time.h>

#include <cstdlib>

#include "base/file.hpp"
#include "support/catch.hpp"

using plugin::output::TimeZone;

namespace {

/// What the system's library says, for the zone that the process has for so long.
class SystemZone {
public:
  explicit SystemZone(const char* name) {
    setenv("TZ", name, 1);
    tzset();
  }
  ~SystemZone() {
    unsetenv("TZ");
    tzset();
  }
  std::int64_t offset_at(time_t moment) const {
    tm local{};
    localtime_r(&moment, &local);
    return local.tm_gmtoff;
  }
};

}  // namespace

TEST_CASE("offsets are those of the system's library, before, within and beyond the transitions of a file") {
  for (const char* name : {"America/Los_Angeles", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe",
                           "America/St_Johns", "Africa/Casablanca", "America/Nuuk", "UTC", "Etc/GMT+5"}) {
    const TimeZone zone{name};
    const SystemZone system{name};
    CAPTURE(name);
    // From 1890 to 2110, at no round time.
    for (std::int64_t at = -2'524'521'000; at < 4'417'977'600; at += 1'000'003) {
      CAPTURE(at);
      REQUIRE(zone.offset_at(std::chrono::sys_seconds{std::chrono::seconds{at}}).count() ==
              system.offset_at(at));
    }
  }
}

TEST_CASE("zones do not change the zone of the process") {
  const auto before = std::getenv("TZ");
  const TimeZone india{"Asia/Kolkata"};
  const TimeZone unknown{"Nowhere/City"};
  CHECK(india.offset_at({}) == std::chrono::minutes{330});
  CHECK(unknown.offset_at({}) == std::chrono::seconds::zero());
  CHECK(std::getenv("TZ") == before);
}

TEST_CASE("an unknown time zone is UTC, and its name cannot lead to other files") {
  for (const char* name :
       {"", "Nowhere/City", "../../etc/passwd", "/etc/passwd", "A B", "zone.tab", "Europe"}) {
    CAPTURE(name);
    CHECK(TimeZone{name}.offset_at({}) == std::chrono::seconds::zero());
  }
}

TEST_CASE("a damaged time zone file counts as UTC") {
  const auto whole = base::read_file("/usr/share/zoneinfo/Europe/Berlin").value();
  const std::chrono::sys_seconds now{std::chrono::seconds{1'700'000'000}};
  CHECK(TimeZone::from_tzif(whole).offset_at(now) == std::chrono::hours{1});
  for (std::size_t size = 0; size < whole.size(); ++size)
    TimeZone::from_tzif(whole.substr(0, size)).offset_at(now);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    auto damaged = whole;
    damaged[at] = static_cast<char>(~damaged[at]);
    TimeZone::from_tzif(damaged).offset_at(now);
    TimeZone::from_tzif(damaged).offset_at(std::chrono::sys_seconds::max());
  }
  CHECK(TimeZone::from_tzif("TZif2").offset_at(now) == std::chrono::seconds::zero());
}
