// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>

#include "base/environment.hpp"
#include "doctor/report.hpp"
#include "output/format.hpp"

namespace plugin::doctor {

/// How a report is printed.
struct Style {
  std::size_t width = 80;
  bool folded = false;  ///< no line is wider than `width`; else each finding is one line
  bool colour = false;
  bool unicode = false;  ///< else ASCII only

  /// What the locale can show: LC_ALL, else LC_CTYPE, else LANG (locale(7)).
  static Style of(const output::Terminal&, const base::Environment&);
};

/// One check: mark, title and sentence, and below them the next step; all of it `indent` cells from the left.
void print_result(std::ostream&, const Result&, const Style&, std::size_t indent = 0);

/// The verdict, then one line for each group where all is well, and below the other groups what is not. With
/// `verbose` every check has its line.
void print_report(std::ostream&, const Report&, const Style&, bool verbose);

}  // namespace plugin::doctor
