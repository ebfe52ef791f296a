// SPDX-License-Identifier: Apache-2.0
#include "base/child_process.hpp"

#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "base/file_change.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

using namespace std::chrono_literals;

namespace {

base::ProgramResult run(const std::string& script, std::chrono::milliseconds timeout = 20s,
                        const std::string& input = "") {
  const base::Environment environment{{{"PATH", "/usr/bin:/bin"}}};
  return base::run_program({"/bin/sh", "-c", script}, base::Secret{input}, environment, timeout).value();
}

}  // namespace

TEST_CASE("a program gets its input, and its streams and status come back") {
  const auto result = run("cat; echo problem >&2; exit 3", 20s, "secret");
  CHECK(result.out == "secret");
  CHECK(result.err == "problem\n");
  CHECK(result.status == 3);
  CHECK_FALSE(result.timed_out);
}

TEST_CASE("a process that a program leaves behind is not waited for") {
  const auto result = run("sleep 60 & echo $!");
  CHECK_FALSE(result.timed_out);
  CHECK(result.status == 0);
  CHECK(run("kill " + result.out).status == 0);
}

TEST_CASE("a program that takes longer than its time is killed, also when it prints all the time") {
  const auto* const script = GENERATE("exec sleep 60", "while :; do echo x; sleep 0.01; done");
  const auto result = run(script, 200ms);
  CHECK(result.timed_out);
  CHECK(result.status == 128 + 9);
}

TEST_CASE("nothing is run from a relative directory on the PATH") {
  const fakes::TemporaryDirectory directory;
  const auto program = directory.path() / "a-program";
  base::write_file(program, "#!/bin/sh\necho here\n", 0700);
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(directory.path());
  for (const std::string path : {".", "", "./", "/nowhere:", ":/usr/bin"}) {
    CAPTURE(path);
    CHECK_FALSE(base::run_program({"a-program"}, {}, base::Environment{{{"PATH", path}}}).has_value());
  }
  std::filesystem::current_path(before);
  const base::Environment absolute{{{"PATH", "/nowhere:" + directory.path().string()}}};
  CHECK(base::run_program({"a-program"}, {}, absolute).value().out == "here\n");
}

TEST_CASE("the exit status of a program is known although the parent's parent ignored such signals") {
  signal(SIGCHLD, SIG_IGN);
  CHECK(run("exit 3").status == 3);
  signal(SIGCHLD, SIG_IGN);
  const base::Environment environment{{{"PATH", "/usr/bin:/bin"}}};
  CHECK(base::run_attached_program({"sh", "-c", "exit 4"}, environment, STDOUT_FILENO, STDERR_FILENO) == 4);
  CHECK_FALSE(base::run_attached_program({"no-such-program"}, environment, STDOUT_FILENO, STDERR_FILENO));
}

TEST_CASE("programs do not inherit which signals this one ignores") {
  signal(SIGPIPE, SIG_IGN);
  const auto result = run("kill -PIPE $$; echo still here");
  signal(SIGPIPE, SIG_DFL);
  CHECK(result.status == 128 + SIGPIPE);
}
