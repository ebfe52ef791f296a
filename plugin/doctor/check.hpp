// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "doctor/examination.hpp"
#include "doctor/finding.hpp"
#include "doctor/report.hpp"

namespace plugin::doctor {

/// One thing to look at.
struct Check {
  const char* id;
  const char* title;
  /// The ids of those without which this one makes no sense: when one of them is broken, or was skipped for
  /// that reason, this one is skipped.
  std::vector<std::string_view> ground;
  /// What a `base::Error` says that it throws is broken.
  Finding (*look)(Examination&);
};

/// All of them, the first causes first.
const std::vector<Check>& all_checks();

/// Runs them in their order; `tell` is given each result when it is there. Throws `base::Interrupted`.
Report examine(const std::vector<Check>&, Examination&, const std::function<void(const Result&)>& tell);

}  // namespace plugin::doctor
