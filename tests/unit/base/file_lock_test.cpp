// SPDX-License-Identifier: Apache-2.0
#include "base/file_lock.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "support/catch.hpp"
#include "support/fakes.hpp"

using namespace std::chrono_literals;

TEST_CASE("a lock keeps others out until it is released") {
  fakes::FakeClock clock;
  const fakes::TemporaryFolder folder;
  const auto file = folder.path() / "lock";
  {
    const base::FileLock lock{file, "x", base::Deadline{clock, 1s}, clock};
    const auto error = fakes::error_of([&] {
      base::FileLock{file, "signing in", base::Deadline{clock, 2s}, clock};
    });
    CHECK(error.kind() == base::Kind::busy);
    CHECK(std::string{error.what()}.find("signing in") != std::string::npos);
  }
  clock.slept.clear();
  CHECK_NOTHROW(base::FileLock{file, "x", base::Deadline{clock, 1s}, clock});
  CHECK(clock.slept.empty());
}

TEST_CASE("the lock of a process that was killed is free") {
  fakes::FakeClock clock;
  const fakes::TemporaryFolder folder;
  const auto file = folder.path() / "lock";
  int ready[2];
  REQUIRE(pipe(ready) == 0);
  const pid_t child = fork();
  if (child == 0) {
    const base::FileLock lock{file, "x", base::Deadline{clock, 1s}, clock};
    if (write(ready[1], "x", 1) == 1) pause();
    _exit(1);
  }
  char byte = 0;
  REQUIRE(read(ready[0], &byte, 1) == 1);
  CHECK_THROWS(base::FileLock{file, "x", base::Deadline{clock, 1s}, clock});
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  CHECK_NOTHROW(base::FileLock{file, "x", base::Deadline{clock, 1s}, clock});
  close(ready[0]);
  close(ready[1]);
}

TEST_CASE("a lock file is never a symbolic link that another user planted") {
  fakes::FakeClock clock;
  const fakes::TemporaryFolder folder;
  std::filesystem::create_symlink(folder.path() / "elsewhere", folder.path() / "lock");
  CHECK_THROWS(base::FileLock{folder.path() / "lock", "x", base::Deadline{clock, 1s}, clock});
  CHECK_FALSE(std::filesystem::exists(folder.path() / "elsewhere"));
}
