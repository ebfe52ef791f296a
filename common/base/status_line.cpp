// SPDX-License-Identifier: Apache-2.0
#include "base/status_line.hpp"

#include <algorithm>
#include <mutex>
#include <vector>

#include "base/program.hpp"

namespace base {
namespace {

constexpr const char* removal = "\r\033[K";

/// What all lines of this process share.
struct Drawn {
  std::mutex mutex;
  std::vector<const StatusLine*> lines;  ///< the newest is the last one
  int pauses = 0;
  bool is_visible = false;

  void remove() {
    if (is_visible) write_standard_error(removal);
    is_visible = false;
  }
};

Drawn& drawn() {
  static Drawn all;
  return all;
}

}  // namespace

StatusLine::StatusLine() {
  auto& all = drawn();
  const std::lock_guard guard{all.mutex};
  all.lines.push_back(this);
}

StatusLine::~StatusLine() {
  auto& all = drawn();
  const std::lock_guard guard{all.mutex};
  if (!all.lines.empty() && all.lines.back() == this) all.remove();
  std::erase(all.lines, this);
}

void StatusLine::draw(const std::string& text) const {
  auto& all = drawn();
  const std::lock_guard guard{all.mutex};
  if (all.pauses > 0 || all.lines.back() != this) return;
  write_standard_error(removal + text);
  all.is_visible = true;
}

StatusLinePause::StatusLinePause() {
  auto& all = drawn();
  const std::lock_guard guard{all.mutex};
  ++all.pauses;
  all.remove();
}

StatusLinePause::~StatusLinePause() {
  auto& all = drawn();
  const std::lock_guard guard{all.mutex};
  --all.pauses;
}

void print_above_status_line(std::string_view text) {
  auto& all = drawn();
  const std::lock_guard guard{all.mutex};
  all.remove();
  write_standard_error(text);
}

}  // namespace base
