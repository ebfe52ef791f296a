// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plugin::output {

/// A time zone as a value: read from the system's time zone database, without changing the zone of the
/// process.
class TimeZone {
public:
  /// By its IANA name, such as America/Los_Angeles; UTC for a name that the system does not know.
  explicit TimeZone(const std::string& name);
  /// From the content of a TZif file (RFC 8536); UTC for a content that is not one.
  static TimeZone from_tzif(std::string_view content);

  /// East of UTC at that moment.
  std::chrono::seconds offset_at(std::chrono::sys_seconds moment) const;

  /// A day of the year in the rule of a zone: month, week and weekday, as in M3.2.0/2.
  struct RuleDate {
    int month = 0;
    int week = 0;
    int weekday = 0;
    std::chrono::seconds time{7200};
  };
  /// What holds after the last transition of the file: standard time and, in most zones that have it, summer
  /// time.
  struct Rule {
    std::chrono::seconds standard{0};
    std::optional<std::chrono::seconds> summer = {};
    RuleDate summer_begins = {};
    RuleDate summer_ends = {};
  };

private:
  TimeZone() = default;

  struct Transition {
    std::int64_t at = 0;
    std::chrono::seconds offset{0};
  };
  std::chrono::seconds before_first_{0};
  std::vector<Transition> transitions_;
  std::optional<Rule> rule_;
};

}  // namespace plugin::output
