// SPDX-License-Identifier: Apache-2.0
#include "base/file_change.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "support/catch.hpp"
#include "support/fakes.hpp"

using namespace std::chrono_literals;

TEST_CASE("a file is written atomically, with its mode, and no temporary file is left") {
  const fakes::TemporaryDirectory directory;
  const auto path = directory.path() / "file";
  base::write_file(path, "first", 0644);
  base::write_file(path, std::string("second\0", 7), 0600);
  CHECK(base::read_file(path) == std::string("second\0", 7));
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  CHECK(std::distance(std::filesystem::directory_iterator{directory.path()}, {}) == 1);
}

TEST_CASE("a write that fails leaves only the old file") {
  const fakes::TemporaryDirectory directory;
  const auto path = directory.path() / "file";
  std::filesystem::create_directory(path);
  CHECK_THROWS(base::write_file(path, "content"));
  CHECK(std::distance(std::filesystem::directory_iterator{directory.path()}, {}) == 1);
}

TEST_CASE("only a file is replaced: a device or a named pipe stays what it is") {
  const fakes::TemporaryDirectory directory;
  const auto path = directory.path() / "pipe";
  REQUIRE(mkfifo(path.c_str(), 0600) == 0);
  const auto link = directory.path() / "link";
  std::filesystem::create_symlink(path, link);
  for (const auto& target : {path, link}) {
    const auto error = fakes::error_of([&] { base::write_file(target, "content"); });
    CHECK(fakes::contains(error.what(), "not a regular file"));
  }
  CHECK(std::filesystem::is_fifo(path));
  CHECK(std::filesystem::is_symlink(link));
}

TEST_CASE("a file is not replaced when the last check fails") {
  const fakes::TemporaryDirectory directory;
  const auto path = directory.path() / "file";
  base::write_file(path, "old", 0640);
  CHECK_FALSE(base::replace_file(path, "new", {}, [] { return false; }));
  CHECK(base::read_file(path) == "old");
  const auto ownership = base::FileOwnership::of(path);
  REQUIRE(ownership);
  CHECK(base::replace_file(path, "new", *ownership, [] { return true; }));
  CHECK(base::read_file(path) == "new");
  CHECK(base::FileOwnership::of(path)->mode == 0640);
  CHECK_FALSE(base::FileOwnership::of(directory.path() / "none"));
  CHECK(std::distance(std::filesystem::directory_iterator{directory.path()}, {}) == 1);
}

TEST_CASE("the next write removes what a killed process left behind") {
  const fakes::TemporaryDirectory directory;
  const auto left = directory.path() / ".file.new-1-0";
  base::write_file(left, "secrets of a process that was killed");
  base::write_file(directory.path() / "file", "text");
  CHECK_FALSE(std::filesystem::exists(left));
  CHECK(base::read_file(directory.path() / "file") == "text");
}

TEST_CASE("a file in a directory that is not writable is written in place") {
  if (geteuid() == 0) return;  // root may write everywhere
  const fakes::TemporaryDirectory directory;
  const auto path = directory.path() / "file";
  base::write_file(path, "a longer old text");
  chmod(directory.path().c_str(), 0500);
  base::write_file(path, "new");
  chmod(directory.path().c_str(), 0700);
  CHECK(base::read_file(path) == "new");
}

TEST_CASE("without a home directory there is no file to write") {
  const auto error = fakes::error_of([] { base::write_file({}, "text"); });
  CHECK(error.hint().find("HOME") != std::string::npos);
}

TEST_CASE("a lock keeps others out until it is released") {
  fakes::FakeClock clock;
  const fakes::TemporaryDirectory directory;
  const auto file = directory.path() / "lock";
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
  const fakes::TemporaryDirectory directory;
  const auto file = directory.path() / "lock";
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
  const fakes::TemporaryDirectory directory;
  std::filesystem::create_symlink(directory.path() / "elsewhere", directory.path() / "lock");
  CHECK_THROWS(base::FileLock{directory.path() / "lock", "x", base::Deadline{clock, 1s}, clock});
  CHECK_FALSE(std::filesystem::exists(directory.path() / "elsewhere"));
}
