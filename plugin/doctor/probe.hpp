// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "net/trace.hpp"

namespace plugin::doctor {

/// A host that was asked for anything at all, to see how far one gets.
struct Probe {
  std::string host;
  net::Trace trace;
  base::TimePoint asked_at;             ///< by this machine's clock
  std::optional<base::TimePoint> date;  ///< by the server's clock, as its answer says
};

/// Asks `url`, once, for no longer than ten seconds.
Probe probe(const std::string& host, const std::string& url, const base::Environment&, base::Clock&,
            const base::Deadline&);

}  // namespace plugin::doctor
