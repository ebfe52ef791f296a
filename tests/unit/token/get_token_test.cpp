// SPDX-License-Identifier: Apache-2.0
#include "token/get_token.hpp"

#include "base/file_lock.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"
#include "token/refusal.hpp"

using namespace std::chrono_literals;
using base::Kind;
using token::RegistryToken;

namespace {

struct Desk {
  fakes::FakeClock clock;
  fakes::MemoryStore front;
  fakes::MemoryStore kept;
  fakes::TemporaryFolder runtime;
  docker::RegistryHost host = docker::RegistryHost::parse("o-a.registry.snowflakecomputing.com").value();
  token::StoreKey key{
      .kind = "registry-token", .host = "o-a.snowflakecomputing.com", .user = "JANE", .detail = "R"};
  std::string sources = "sources";
  bool serves_host = true;
  int issued = 0;
  std::function<void()> before_issue = [] {};

  RegistryToken fresh(const std::string& value) const {
    return {base::Secret{value}, clock.now(), clock.now() + 3600s, "dev", sources};
  }
  std::string get(bool anew = false) {
    const base::Deadline deadline{clock, 25s};
    const auto token = token::get_token(
        {.host = host, .key = key, .sources = sources, .anew = anew, .serves_host = serves_host},
        {front, kept, runtime.path()},
        [this](const token::SignInTurn& turn) {
          turn.throw_if_refused();
          return turn.run([this] {
            before_issue();
            return fresh("issued " + std::to_string(++issued));
          });
        },
        deadline, clock);
    return std::string{token.value.reveal()};
  }
  std::optional<std::string> ready() {
    const auto token = token::find_ready_token(host, sources, front, clock.now());
    if (!token) return std::nullopt;
    return std::string{token->value.reveal()};
  }
  void refuse(Kind kind) {
    before_issue = [kind] { throw base::Error(kind, "no", "do something"); };
  }
};

}  // namespace

TEST_CASE("the first call asks Snowflake, the second finds the token ready") {
  Desk desk;
  CHECK_FALSE(desk.ready());
  CHECK(desk.get() == "issued 1");
  CHECK(desk.ready() == "issued 1");
  CHECK(desk.get() == "issued 1");
  CHECK(desk.issued == 1);
}

TEST_CASE("a token past half of its life is replaced") {
  Desk desk;
  desk.get();
  desk.clock.advance(1801s);
  CHECK_FALSE(desk.ready());
  CHECK(desk.get() == "issued 2");
}

TEST_CASE(
    "a changed file or variable makes a ready token look for its sign-in again, and no new one if that is "
    "the same") {
  Desk desk;
  desk.get();
  desk.sources = "other sources";
  CHECK_FALSE(desk.ready());
  CHECK(desk.get() == "issued 1");
  CHECK(desk.ready() == "issued 1");
}

TEST_CASE("a token that is kept for another role is not handed out") {
  Desk desk;
  desk.get();
  desk.sources = "the settings name another role now";
  desk.key.detail = "PUSHER";
  CHECK(desk.get() == "issued 2");
}

TEST_CASE("whoever waits for the lock gets the token of whoever held it") {
  Desk desk;
  {
    const base::Deadline deadline{desk.clock, 1s};
    std::optional<base::FileLock> other;
    other.emplace(token::sign_in_lock(desk.runtime.path(), desk.key), "a test", deadline, desk.clock);
    struct Finishing final : token::TokenStore {
      Desk& desk;
      std::optional<base::FileLock>& other;
      Finishing(Desk& d, std::optional<base::FileLock>& o) : desk(d), other(o) {}
      std::string name() const override { return "finishing"; }
      void check() override {}
      std::optional<base::Secret> load(const token::StoreKey& key) override {
        auto found = desk.kept.load(key);
        // The first look finds nothing; then the other process finishes.
        if (other) desk.kept.save(key, desk.fresh("of another process").to_record(), {});
        other.reset();
        return found;
      }
      void save(const token::StoreKey&, const base::Secret&, base::TimePoint) override {
        FAIL("nothing to save");
      }
      bool erase(const token::StoreKey&) override { return false; }
      std::vector<token::StoreKey> keys() override { return {}; }
    } finishing{desk, other};
    const auto token = token::get_token(
        {desk.host, desk.key, desk.sources}, {desk.front, finishing, desk.runtime.path()},
        [](const token::SignInTurn&) -> RegistryToken { throw std::logic_error("asked Snowflake"); },
        base::Deadline{desk.clock, 25s}, desk.clock);
    CHECK(token.value.reveal() == "of another process");
  }
}

TEST_CASE("a lock that is never let go of ends in an error, not in a second sign-in") {
  Desk desk;
  const base::FileLock other{token::sign_in_lock(desk.runtime.path(), desk.key), "a test",
                             base::Deadline{desk.clock, 1s}, desk.clock};
  const auto error = fakes::error_of([&] { desk.get(); });
  CHECK(error.kind() == Kind::network);
  CHECK(desk.issued == 0);
}

TEST_CASE("a token that is still valid is handed out while somebody else signs in") {
  Desk desk;
  desk.get();
  desk.clock.advance(3000s);
  const base::FileLock other{token::sign_in_lock(desk.runtime.path(), desk.key), "a test",
                             base::Deadline{desk.clock, 1s}, desk.clock};
  const auto begin = desk.clock.steady();
  CHECK(desk.get() == "issued 1");
  CHECK(desk.clock.steady() - begin < 25s);
}

TEST_CASE("a token of another sign-in does not take the place of what the host's own finds") {
  Desk desk;
  desk.get();
  desk.serves_host = false;
  desk.key.detail = "ANOTHER";
  CHECK(desk.get() == "issued 2");
  CHECK(desk.ready() == "issued 1");
  CHECK(desk.get() == "issued 2");
  CHECK(desk.ready() == "issued 1");
}

TEST_CASE("without the network a token that is still valid is handed out") {
  Desk desk;
  desk.get();
  desk.refuse(Kind::network);
  desk.clock.advance(3000s);
  CHECK(desk.get() == "issued 1");
  desk.clock.advance(600s);
  CHECK(fakes::error_of([&] { desk.get(); }).kind() == Kind::network);
}

TEST_CASE("a refused sign-in is not tried again until something changes") {
  Desk desk;
  desk.refuse(Kind::denied);
  CHECK(fakes::error_of([&] { desk.get(); }).what() == std::string{"no"});
  desk.before_issue = [] {};
  CHECK(fakes::error_of([&] { desk.get(); }).kind() == Kind::denied);
  CHECK(desk.issued == 0);
  SECTION("the user asks explicitly") { CHECK(desk.get(true) == "issued 1"); }
  SECTION("a file changes") {
    desk.sources = "other sources";
    CHECK(desk.get() == "issued 1");
  }
  SECTION("time passes") {
    desk.clock.advance(15min);
    CHECK(desk.get() == "issued 1");
  }
}

TEST_CASE("trouble with the network is no refusal") {
  Desk desk;
  desk.refuse(Kind::network);
  CHECK_THROWS(desk.get());
  desk.before_issue = [] {};
  CHECK(desk.get() == "issued 1");
}

TEST_CASE("asked anew, a token that is kept counts for nothing") {
  Desk desk;
  desk.get();
  CHECK(desk.get(true) == "issued 2");
  CHECK(desk.ready() == "issued 2");
}

TEST_CASE("a front that does not work costs time, and nothing else") {
  Desk desk;
  desk.front.broken = true;
  CHECK(desk.get() == "issued 1");
  CHECK_FALSE(desk.ready());
  CHECK(desk.get() == "issued 1");
}

TEST_CASE("a clock that stepped back fetches a new token") {
  Desk desk;
  desk.get();
  desk.clock.step(-2h);
  CHECK_FALSE(desk.ready());
  CHECK(desk.get() == "issued 2");
  desk.clock.step(26h);
  CHECK(desk.get() == "issued 3");
}
