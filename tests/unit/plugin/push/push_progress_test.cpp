// SPDX-License-Identifier: Apache-2.0
#include "push/push_progress.hpp"

#include <sstream>

#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace {

using namespace std::chrono_literals;
using plugin::push::PushProgress;

struct Shown {
  std::ostringstream out;
  PushProgress progress;
  PushProgress::Time now{1h};
  std::size_t width;

  explicit Shown(PushProgress::Mode mode, std::size_t given = 80)
      : progress(out, mode, [this] { return width; }), width(given) {}
  std::string draw(std::chrono::seconds later = 0s) {
    now += later;
    out.str("");
    progress.draw(now);
    return out.str();
  }
};

}  // namespace

TEST_CASE("without a terminal a line is printed for each change, and every half minute") {
  Shown shown{PushProgress::Mode::plain};
  const auto row = shown.progress.add("5f70bf18a086");
  CHECK(shown.draw() == "5f70bf18a086: Preparing\n");
  shown.progress.set_bytes(row, "Pushing", 1000, 2000);
  CHECK(shown.draw(1s) == "5f70bf18a086: Pushing\n");
  shown.progress.set_bytes(row, "Pushing", 1500, 2000);
  CHECK(shown.draw(1s).empty());
  CHECK(shown.draw(30s).starts_with("5f70bf18a086: Pushing 1.5kB/2kB"));
  shown.progress.set_status(row, "Pushed", true);
  CHECK(shown.draw(1s) == "5f70bf18a086: Pushed\n");
  CHECK(shown.draw(60s).empty());
}

TEST_CASE("a renewed login is shown once, and next to the blobs that are being pushed") {
  SECTION("lines") {
    Shown shown{PushProgress::Mode::plain};
    shown.progress.login_renewed("12:04");
    shown.progress.login_renewed("12:04");
    CHECK(shown.draw() == "Login renewed 12:04\n");
  }
  SECTION("a terminal") {
    Shown shown{PushProgress::Mode::tty};
    const auto row = shown.progress.add("a3ed95caeb02");
    shown.progress.set_bytes(row, "Pushing", 1000, 2000);
    shown.progress.login_renewed("12:04");
    shown.progress.set_note(row, "resumed at 812MB");
    CHECK(shown.draw().find("(login renewed 12:04, resumed at 812MB)") != std::string::npos);
    shown.progress.set_status(row, "Pushed", true);
    CHECK(shown.draw().find("login") == std::string::npos);
  }
  SECTION("JSON") {
    Shown shown{PushProgress::Mode::json};
    shown.progress.login_renewed("12:04");
    CHECK(shown.draw() == "{\"status\":\"Login renewed\",\"time\":\"12:04\"}\n");
  }
}

TEST_CASE("a line is never wider than the terminal") {
  Shown shown{PushProgress::Mode::tty, 20};
  const auto row = shown.progress.add("a3ed95caeb02");
  shown.progress.set_note(row, "a note that is longer than the line");
  CHECK(shown.draw() == "\x1b[2Ka3ed95caeb02: Prepa\n");
}

TEST_CASE("a line is cut between characters, and in a narrower window what was drawn stays") {
  Shown shown{PushProgress::Mode::tty, 20};
  shown.progress.set_phase("Exporting the äöü");
  CHECK(shown.draw() == "\x1b[2KExporting the äöü\n");
  shown.width = 17;
  CHECK(shown.draw() == "\x1b[2KExporting the äö\n");
  CHECK(shown.draw() == "\x1b[1A\x1b[2KExporting the äö\n");
  shown.progress.set_phase("Exporting 漢字漢字");
  CHECK(shown.draw() == "\x1b[1A\x1b[2KExporting 漢字漢\n");
}

TEST_CASE("quiet progress prints nothing") {
  Shown shown{PushProgress::Mode::quiet};
  shown.progress.add("a3ed95caeb02");
  shown.progress.add_line("a line");
  CHECK(shown.draw().empty());
}
