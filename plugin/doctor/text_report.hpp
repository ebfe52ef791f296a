// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>

#include "base/environment.hpp"
#include "doctor/report.hpp"
#include "output/format.hpp"

namespace plugin::doctor {

/// How a report looks on a terminal.
struct Style {
  std::size_t width = 80;
  bool folded = false;  ///< no line is wider than `width`; else each finding is one line
  bool colour = false;
  bool unicode = false;  ///< ASCII alone, if not

  /// Marks and quotes as the locale can show them: LC_ALL, else LC_CTYPE, else LANG (locale(7)).
  static Style of(const output::Terminal&, const base::Environment&);
};

/// One check: mark, title and sentence, and below them what to do next.
void print_result(std::ostream&, const Result&, const Style&);

/// The end of the report: what it all comes to.
void print_verdict(std::ostream&, const Report&, const Style&);

}  // namespace plugin::doctor
