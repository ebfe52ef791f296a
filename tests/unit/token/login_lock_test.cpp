// SPDX-License-Identifier: Apache-2.0
#include "token/login_lock.hpp"

#include <sys/stat.h>

#include "base/file_change.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

using namespace std::chrono_literals;

namespace {

struct Locks {
  const token::StoreKey jane{.kind = "", .host = "o-a.snowflakecomputing.com", .user = "JANE", .detail = ""};
  fakes::TemporaryDirectory directory;
  fakes::FakeClock clock;
  std::vector<std::filesystem::path> directories{directory.path() / "locks"};

  token::LoginLock take(const token::StoreKey& login) {
    return {{directories, nullptr}, {login, "", "", ""}, base::Deadline{clock, 1s}, clock};
  }
  token::LoginLock take() { return take(jane); }
};

}  // namespace

TEST_CASE("one process at a time holds the lock of a user of an account, and other users do not wait") {
  Locks locks;
  SECTION("in a file") {}
  SECTION("on a socket, where no directory can be written to") {
    const auto file = locks.directory.path() / "file";
    base::write_file(file, "");
    locks.directories = {"/proc/nowhere", file / "below a file"};
  }
  const auto held = locks.take();
  CHECK(fakes::error_of([&] { locks.take(); }).kind() == base::Kind::busy);
  auto joe = locks.jane;
  joe.user = "JOE";
  CHECK_NOTHROW(locks.take(joe));
}

TEST_CASE("a lock is free again when its holder has ended") {
  Locks locks;
  if (GENERATE(true, false)) locks.directories.clear();
  { const auto held = locks.take(); }
  CHECK_NOTHROW(locks.take());
}

TEST_CASE("a directory that another user planted is not used") {
  Locks locks;
  std::filesystem::create_directory(locks.directories[0]);
  chmod(locks.directories[0].c_str(), 0777);
  const auto held = locks.take();
  CHECK(std::filesystem::is_empty(locks.directories[0]));
}
