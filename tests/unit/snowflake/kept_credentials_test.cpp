// SPDX-License-Identifier: Apache-2.0
#include "snowflake/kept_credentials.hpp"

#include "snowflake/auth/stored_credentials.hpp"
#include "support/catch.hpp"
#include "support/connections.hpp"
#include "support/fakes.hpp"
#include "token/registry_token.hpp"

using namespace std::chrono_literals;

namespace {

struct Fixture {
  fakes::FakeClock clock;
  base::Environment environment;
  fakes::MemoryStore* memory = nullptr;
  token::TieredStore ladder{places()};

  std::vector<std::unique_ptr<token::TokenStore>> places() {
    auto store = std::make_unique<fakes::MemoryStore>();
    memory = store.get();
    std::vector<std::unique_ptr<token::TokenStore>> list;
    list.push_back(std::move(store));
    return list;
  }
  snowflake::SignIn sign_in(const std::string& user, const std::string& role = "R") {
    return {fakes::connection({{"account", "o-a"}, {"user", user}, {"password", "p"}, {"role", role}}),
            environment, clock};
  }
  void keep_everything_of(const snowflake::SignIn& owner) {
    const snowflake::SessionTokens session{base::Secret{"S"}, base::Secret{"M"}, clock.now() + 1h,
                                           clock.now() + 4h};
    ladder.save(owner.key(snowflake::session_kind), session.to_record(), session.master_expires_at);
    const token::RegistryToken token{base::Secret{"R"}, clock.now(), clock.now() + 1h, "", ""};
    ladder.save(owner.key(snowflake::registry_token_kind), token.to_record(), token.expires_at);
    const snowflake::StoredCredentials proofs{ladder, owner.key({}).host, owner.key({}).user};
    proofs.save(snowflake::mfa_token_kind, base::Secret{"T"}, clock.now() + 3h);
  }
};

}  // namespace

TEST_CASE("what is kept of a sign-in is told with its place and its end") {
  Fixture f;
  f.keep_everything_of(f.sign_in("jane"));
  f.keep_everything_of(f.sign_in("joe"));
  const auto kept = snowflake::kept_credentials(f.sign_in("jane"), f.ladder);
  REQUIRE(kept.size() == 3);
  const std::map<std::string, base::TimePoint> expected = {{"registry-token", f.clock.now() + 1h},
                                                           {"session", f.clock.now() + 4h},
                                                           {"mfa-token", f.clock.now() + 3h}};
  for (const auto& credential : kept) {
    CHECK(credential.expires_at == expected.at(credential.kind));
    CHECK(credential.places == std::vector<std::string>{"memory"});
  }
}

TEST_CASE("another role shares the proofs and nothing else") {
  Fixture f;
  f.keep_everything_of(f.sign_in("jane"));
  const auto kept = snowflake::kept_credentials(f.sign_in("jane", "OTHER"), f.ladder);
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].kind == "mfa-token");
}

TEST_CASE("forgetting leaves what is another user's") {
  Fixture f;
  f.keep_everything_of(f.sign_in("jane"));
  f.keep_everything_of(f.sign_in("joe"));
  snowflake::forget_credentials(f.sign_in("jane"), f.ladder);
  CHECK(snowflake::kept_credentials(f.sign_in("jane"), f.ladder).empty());
  CHECK(f.memory->secrets.size() == 3);
}
