// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

namespace output {

/// A time zone by its IANA name, such as America/Los_Angeles; UTC for a name that nobody knows. The system's
/// library knows one zone at a time, the process's: making one of these sets it.
class TimeZone {
public:
  explicit TimeZone(const std::string& name);
  /// East of UTC at that moment.
  std::chrono::seconds offset_at(std::chrono::sys_seconds moment) const;
};

}  // namespace output
