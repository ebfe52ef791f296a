// SPDX-License-Identifier: Apache-2.0
#include "token/login_lock.hpp"

#include <sys/stat.h>

#include "base/file.hpp"
#include "base/file_change.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

using namespace std::chrono_literals;

namespace {

const token::StoreKey jane{.kind = "", .host = "o-a.snowflakecomputing.com", .user = "JANE", .detail = ""};
const base::Error wrong_password{base::Kind::denied,
                                 "390100: Incorrect username or password was specified.",
                                 {"correct the password", base::Needs::connection},
                                 base::counted};

struct Locks {
  fakes::TemporaryFolder folder;
  fakes::FakeClock clock;
  std::shared_ptr<fakes::MemoryStore> store = std::make_shared<fakes::MemoryStore>();
  std::vector<std::filesystem::path> folders{folder.path() / "locks"};
  std::string config = "variables";
  std::string config_without_secrets = "files";
  std::string credential = "digest of the secret";

  token::LoginLock take(const token::StoreKey& login = jane) {
    return {{folders, store},
            {login, config, config_without_secrets, credential},
            base::Deadline{clock, 1s},
            clock};
  }
  void refuse(const base::Error& error) {
    const auto lock = take();
    CHECK_THROWS_AS(lock.run([&]() -> int { throw base::Error{error}; }), base::Error);
  }
  void check(const token::StoreKey& login = jane) { take(login).throw_if_refused(); }
  std::string text_of_files() const {
    std::string text;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{folder.path()}) {
      if (entry.is_regular_file()) text += base::read_file(entry.path()).value_or("");
    }
    return text;
  }
};

}  // namespace

TEST_CASE("one process at a time holds the lock of a user of an account, and other users do not wait") {
  Locks locks;
  SECTION("in a file") {}
  SECTION("on a socket, where no folder can be written to") {
    const auto file = locks.folder.path() / "file";
    base::write_file(file, "");
    locks.folders = {"/proc/nowhere", file / "below a file"};
  }
  const auto held = locks.take();
  CHECK(fakes::error_of([&] { locks.take(); }).kind() == base::Kind::busy);
  auto joe = jane;
  joe.user = "JOE";
  CHECK_NOTHROW(locks.take(joe));
}

TEST_CASE("a lock is free again when its holder has ended") {
  Locks locks;
  if (GENERATE(true, false)) locks.folders.clear();
  { const auto held = locks.take(); }
  CHECK_NOTHROW(locks.take());
}

TEST_CASE("a folder that another user planted is not used") {
  Locks locks;
  std::filesystem::create_directory(locks.folders[0]);
  chmod(locks.folders[0].c_str(), 0777);
  const auto held = locks.take();
  CHECK(std::filesystem::is_empty(locks.folders[0]));
}

TEST_CASE("a refused login is refused again immediately, with the same message and the remaining time") {
  Locks locks;
  SECTION("with a store") {}
  SECTION("with a store that fails") { locks.store->broken = true; }
  SECTION("without a store") { locks.store.reset(); }
  locks.refuse(wrong_password);
  locks.clock.advance(5min);
  const auto error = fakes::error_of([&] { locks.check(); });
  CHECK(error.kind() == base::Kind::denied);
  CHECK(error.what() ==
        std::string{
            "390100: Incorrect username or password was specified. (next attempt in 10 minutes, to avoid "
            "locking the user out)"});
  CHECK(error.hint() == "correct the password; docker snowflake login tries immediately");
  CHECK(error.next_step().needs == base::Needs::connection);
  CHECK(error.next_step().without_terminal == "correct the password");
  CHECK(error.consequences().pause == 10min);
}

TEST_CASE("time, a clock that was set back, and a user's request lift a refusal") {
  Locks locks;
  if (GENERATE(true, false)) locks.store.reset();
  locks.refuse(wrong_password);
  SECTION("time") { locks.clock.advance(15min); }
  SECTION("a clock that stepped back") { locks.clock.step(-1h); }
  SECTION("a user who asks") { locks.take().forget_refusal(); }
  SECTION("a login that succeeds") {
    locks.take().run([] { return 0; });
  }
  CHECK_NOTHROW(locks.check());
}

TEST_CASE("a counted refusal applies until the credential changes, and a file contains nothing about it") {
  Locks locks;
  if (GENERATE(true, false)) locks.store.reset();
  locks.refuse(wrong_password);
  CHECK(locks.text_of_files().empty() == (locks.store != nullptr));
  CHECK_FALSE(fakes::contains(locks.text_of_files(), "digest"));
  locks.config = "other variables";
  locks.config_without_secrets = "other files";
  CHECK_THROWS(locks.check());
  auto as_pusher = jane;
  as_pusher.detail = "PUSHER";
  CHECK_THROWS(locks.check(as_pusher));
  locks.credential = "another password";
  CHECK_NOTHROW(locks.check());
  locks.refuse(wrong_password);
  locks.credential = "digest of the secret";
  CHECK_THROWS(locks.check());
}

TEST_CASE("a success with one credential does not forget the refusal of another") {
  Locks locks;
  locks.refuse(wrong_password);
  const auto wrong = locks.credential;
  locks.credential = "key pair";
  locks.take().run([] { return 0; });
  locks.credential = wrong;
  CHECK_THROWS(locks.check());
}

TEST_CASE("any change of the configuration lifts a refusal that is not counted") {
  Locks locks;
  const base::Error no_role{base::Kind::denied, "390189: the role is not granted", "use another role"};
  SECTION("in a store") {
    locks.refuse(no_role);
    locks.config = "other variables";
  }
  SECTION("in a file") {
    locks.store.reset();
    locks.refuse(no_role);
    locks.config_without_secrets = "other files";
  }
  CHECK_NOTHROW(locks.check());
}

TEST_CASE("the consequences of an error say for how long it is remembered") {
  Locks locks;
  SECTION("a refusal that does not count against the user") {
    locks.refuse({base::Kind::denied, "no", "do something"});
    CHECK(fakes::contains(fakes::error_of([&] { locks.check(); }).what(), "(next attempt in 10 seconds)"));
    locks.clock.advance(10s);
  }
  SECTION("a network error") { locks.refuse({base::Kind::network, "no answer", "try again"}); }
  SECTION("another network is needed") { locks.refuse({base::Kind::denied, "390422", "", base::transient}); }
  CHECK_NOTHROW(locks.check());
}

TEST_CASE("a refusal applies to one user of one account, and to one role unless it is counted") {
  Locks locks;
  if (GENERATE(true, false)) locks.store.reset();
  locks.refuse({base::Kind::denied, "390189: the role is not granted", "use another role"});
  CHECK_NOTHROW(locks.check({"", jane.host, "JOE", ""}));
  CHECK_NOTHROW(locks.check({"", "x-y.snowflakecomputing.com", "JANE", ""}));
  CHECK_NOTHROW(locks.check({"", jane.host, "JANE", "another role"}));
  CHECK_THROWS(locks.check({"session", jane.host, "JANE", ""}));
}

TEST_CASE("the failure of the last login is remembered, also when the next one need not wait") {
  Locks locks;
  if (GENERATE(true, false)) locks.store.reset();
  CHECK_FALSE(locks.take().last_failure());
  const auto began = locks.clock.now();
  locks.refuse({base::Kind::config, "251006: Password is empty", "set it"});
  locks.clock.advance(23h);
  const auto failure = locks.take().last_failure();
  REQUIRE(failure);
  CHECK(failure->error.what() == std::string{"251006: Password is empty"});
  CHECK(failure->error.hint() == "set it");
  CHECK(failure->at == began);
  SECTION("for a day") { locks.clock.advance(1h); }
  SECTION("until a login succeeds") {
    locks.take().run([] { return 0; });
  }
  SECTION("with the same configuration") {
    locks.config = "other variables";
    locks.config_without_secrets = "other files";
  }
  SECTION("for a quarter of an hour, when it may have passed by itself") {
    locks.refuse({base::Kind::network, "no answer", "try again"});
    locks.clock.advance(15min);
  }
  CHECK_FALSE(locks.take().last_failure());
}

TEST_CASE("a login that was not tried did not fail") {
  Locks locks;
  locks.refuse({base::Kind::login_required, "a user must log in", "log in"});
  CHECK_FALSE(locks.take().last_failure());
}

TEST_CASE("a truncated record counts as absent") {
  Locks locks;
  locks.store.reset();
  locks.refuse(wrong_password);
  for (const auto& entry : std::filesystem::recursive_directory_iterator{locks.folder.path()}) {
    if (entry.is_regular_file()) std::filesystem::resize_file(entry.path(), entry.file_size() / 2);
  }
  CHECK_NOTHROW(locks.check());
}

TEST_CASE("when nothing can be written, the refusal itself is still thrown") {
  Locks locks;
  locks.store.reset();
  locks.folders = {"/proc/nowhere"};
  const auto lock = locks.take();
  CHECK(fakes::error_of([&] { lock.run([]() -> int { throw base::Error{wrong_password}; }); }).hint() ==
        "correct the password");
}
