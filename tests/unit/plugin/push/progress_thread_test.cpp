// SPDX-License-Identifier: Apache-2.0
#include "push/progress_thread.hpp"

#include <sstream>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace {

using namespace std::chrono_literals;
using plugin::push::PushProgress;

/// What a terminal shows, which obeys the sequences that move up and erase.
std::vector<std::string> screen_of(const std::string& bytes) {
  std::vector<std::string> lines(1);
  std::size_t row = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    if (bytes[at] == '\n') {
      if (++row == lines.size()) lines.emplace_back();
    } else if (bytes[at] == '\x1b') {
      const auto end = bytes.find_first_of("AJK", at);
      if (bytes[end] == 'A') row -= std::stoul(bytes.substr(at + 2));
      if (bytes[end] == 'K') lines[row].clear();
      if (bytes[end] == 'J') lines.resize(row + 1), lines[row].clear();
      at = end;
    } else {
      lines[row] += bytes[at];
    }
  }
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

}  // namespace

TEST_CASE("other output while progress is drawn stays on the terminal") {
  std::ostringstream terminal;
  std::ostream err{terminal.rdbuf()};
  PushProgress progress{terminal, PushProgress::Mode::tty, [] { return 80; }};
  progress.set_phase("Reading the image");
  progress.draw(PushProgress::Time{1h});
  SECTION("a question") {
    const PushProgress::Pause pause{progress};
    terminal << "Password: ";
    progress.add_line("a line meanwhile");
    progress.draw(PushProgress::Time{2h});
    CHECK(screen_of(terminal.str()) == std::vector<std::string>{"Password: "});
  }
  SECTION("lines, in pieces") {
    fakes::FakeClock clock;
    {
      const plugin::push::ProgressThread thread{progress, clock, err};
      err << "Warning: " << 1 << '\n' << std::flush << "Warn";
      err << "ing: 2\nthe rest";
      progress.add_line("a line");
    }
    CHECK(screen_of(terminal.str()) ==
          std::vector<std::string>{"Warning: 1", "Warning: 2", "a line", "the rest"});
    CHECK(err.rdbuf() == terminal.rdbuf());
  }
}
