// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace base {

/// The line on the terminal (standard error) that says what this program waits for. Of several that exist at
/// once only the newest is drawn. Whatever is printed or asked meanwhile begins a line of its own, since it
/// removes this one first: `print_above_status_line`, `StatusLinePause`. Threads may draw.
class StatusLine {
public:
  StatusLine();
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;
  /// Removes it.
  ~StatusLine();

  /// Replaces the line.
  void draw(const std::string& text) const;
};

/// No line is drawn while this exists: the user is asked something.
class StatusLinePause {
public:
  StatusLinePause();
  StatusLinePause(const StatusLinePause&) = delete;
  StatusLinePause& operator=(const StatusLinePause&) = delete;
  ~StatusLinePause();
};

/// Writes to standard error where the line was, which is drawn again below.
void print_above_status_line(std::string_view text);

}  // namespace base
