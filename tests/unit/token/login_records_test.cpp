// SPDX-License-Identifier: Apache-2.0
#include "token/login_records.hpp"

#include "base/file.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"
#include "token/login_lock.hpp"

using namespace std::chrono_literals;

namespace {

const token::StoreKey jane{.kind = "", .host = "o-a.snowflakecomputing.com", .user = "JANE", .detail = ""};
const base::Error wrong_password{base::Kind::denied,
                                 "390100: Incorrect username or password was specified.",
                                 {"correct the password", base::Needs::connection},
                                 base::counted};

struct Logins {
  fakes::TemporaryDirectory directory;
  fakes::FakeClock clock;
  std::shared_ptr<fakes::MemoryStore> store = std::make_shared<fakes::MemoryStore>();
  std::vector<std::filesystem::path> directories{directory.path() / "locks"};
  std::string config = "variables";
  std::string config_without_secrets = "files";
  std::string credential = "digest of the secret";

  token::LoginLock take(const token::StoreKey& login = jane) {
    return {{directories, store},
            {login, config, config_without_secrets, credential},
            base::Deadline{clock, 1s},
            clock};
  }
  void refuse(const base::Error& error) {
    const auto lock = take();
    CHECK_THROWS_AS(lock.run([&]() -> int { throw base::Error{error}; }), base::Error);
  }
  void check(const token::StoreKey& login = jane) { take(login).records().throw_if_refused(); }
  std::string text_of_files() const {
    std::string text;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{directory.path()}) {
      if (entry.is_regular_file()) text += base::read_file(entry.path()).value_or("");
    }
    return text;
  }
};

}  // namespace

TEST_CASE("a refused login is refused again immediately, with the same message and the remaining time") {
  Logins logins;
  SECTION("with a store") {}
  SECTION("with a store that fails") { logins.store->broken = true; }
  SECTION("without a store") { logins.store.reset(); }
  logins.refuse(wrong_password);
  logins.clock.advance(5min);
  const auto error = fakes::error_of([&] { logins.check(); });
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
  Logins logins;
  if (GENERATE(true, false)) logins.store.reset();
  logins.refuse(wrong_password);
  SECTION("time") { logins.clock.advance(15min); }
  SECTION("a clock that stepped back") { logins.clock.step(-1h); }
  SECTION("a user who asks") { logins.take().records().forget_refusal(); }
  SECTION("a login that succeeds") {
    logins.take().run([] { return 0; });
  }
  CHECK_NOTHROW(logins.check());
}

TEST_CASE("a counted refusal applies until the credential changes, and a file contains nothing about it") {
  Logins logins;
  if (GENERATE(true, false)) logins.store.reset();
  logins.refuse(wrong_password);
  CHECK(logins.text_of_files().empty() == (logins.store != nullptr));
  CHECK_FALSE(fakes::contains(logins.text_of_files(), "digest"));
  logins.config = "other variables";
  logins.config_without_secrets = "other files";
  CHECK_THROWS(logins.check());
  auto as_pusher = jane;
  as_pusher.detail = "PUSHER";
  CHECK_THROWS(logins.check(as_pusher));
  logins.credential = "another password";
  CHECK_NOTHROW(logins.check());
  logins.refuse(wrong_password);
  logins.credential = "digest of the secret";
  CHECK_THROWS(logins.check());
}

TEST_CASE("a success with one credential does not forget the refusal of another") {
  Logins logins;
  logins.refuse(wrong_password);
  const auto wrong = logins.credential;
  logins.credential = "key pair";
  logins.take().run([] { return 0; });
  logins.credential = wrong;
  CHECK_THROWS(logins.check());
}

TEST_CASE("any change of the configuration lifts a refusal that is not counted") {
  Logins logins;
  const base::Error no_role{base::Kind::denied, "390189: the role is not granted", "use another role"};
  SECTION("in a store") {
    logins.refuse(no_role);
    logins.config = "other variables";
  }
  SECTION("in a file") {
    logins.store.reset();
    logins.refuse(no_role);
    logins.config_without_secrets = "other files";
  }
  CHECK_NOTHROW(logins.check());
}

TEST_CASE("the consequences of an error say for how long it is remembered") {
  Logins logins;
  SECTION("a refusal that does not count against the user") {
    logins.refuse({base::Kind::denied, "no", "do something"});
    CHECK(fakes::contains(fakes::error_of([&] { logins.check(); }).what(), "(next attempt in 10 seconds)"));
    logins.clock.advance(10s);
  }
  SECTION("a network error") { logins.refuse({base::Kind::network, "no answer", "try again"}); }
  SECTION("another network is needed") { logins.refuse({base::Kind::denied, "390422", "", base::transient}); }
  CHECK_NOTHROW(logins.check());
}

TEST_CASE("a refusal applies to one user of one account, and to one role unless it is counted") {
  Logins logins;
  if (GENERATE(true, false)) logins.store.reset();
  logins.refuse({base::Kind::denied, "390189: the role is not granted", "use another role"});
  CHECK_NOTHROW(logins.check({"", jane.host, "JOE", ""}));
  CHECK_NOTHROW(logins.check({"", "x-y.snowflakecomputing.com", "JANE", ""}));
  CHECK_NOTHROW(logins.check({"", jane.host, "JANE", "another role"}));
  CHECK_THROWS(logins.check({"session", jane.host, "JANE", ""}));
}

TEST_CASE("the failure of the last login is remembered, also when the next one need not wait") {
  Logins logins;
  if (GENERATE(true, false)) logins.store.reset();
  CHECK_FALSE(logins.take().records().last_failure());
  const auto began = logins.clock.now();
  logins.refuse({base::Kind::config, "251006: Password is empty", "set it"});
  logins.clock.advance(23h);
  const auto failure = logins.take().records().last_failure();
  REQUIRE(failure);
  CHECK(failure->error.what() == std::string{"251006: Password is empty"});
  CHECK(failure->error.hint() == "set it");
  CHECK(failure->at == began);
  SECTION("for a day") { logins.clock.advance(1h); }
  SECTION("until a login succeeds") {
    logins.take().run([] { return 0; });
  }
  SECTION("with the same configuration") {
    logins.config = "other variables";
    logins.config_without_secrets = "other files";
  }
  SECTION("for a quarter of an hour, when it may have passed by itself") {
    logins.refuse({base::Kind::network, "no answer", "try again"});
    logins.clock.advance(15min);
  }
  CHECK_FALSE(logins.take().records().last_failure());
}

TEST_CASE("a login that was not tried did not fail") {
  Logins logins;
  logins.refuse({base::Kind::login_required, "a user must log in", "log in"});
  CHECK_FALSE(logins.take().records().last_failure());
}

TEST_CASE("a truncated record counts as absent") {
  Logins logins;
  logins.store.reset();
  logins.refuse(wrong_password);
  for (const auto& entry : std::filesystem::recursive_directory_iterator{logins.directory.path()}) {
    if (entry.is_regular_file()) std::filesystem::resize_file(entry.path(), entry.file_size() / 2);
  }
  CHECK_NOTHROW(logins.check());
}

TEST_CASE("when nothing can be written, the refusal itself is still thrown") {
  Logins logins;
  logins.store.reset();
  logins.directories = {"/proc/nowhere"};
  const auto lock = logins.take();
  CHECK(fakes::error_of([&] { lock.run([]() -> int { throw base::Error{wrong_password}; }); }).hint() ==
        "correct the password");
}
