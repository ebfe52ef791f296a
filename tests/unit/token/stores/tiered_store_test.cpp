// SPDX-License-Identifier: Apache-2.0
#include "token/stores/tiered_store.hpp"

#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace {

const token::StoreKey key{.kind = "k", .host = "h", .user = "u", .detail = "d"};

struct TieredStoreFixture {
  fakes::MemoryStore* first = nullptr;
  fakes::MemoryStore* second = nullptr;
  token::TieredStore tiers{stores()};

  std::vector<std::unique_ptr<token::TokenStore>> stores() {
    std::vector<std::unique_ptr<token::TokenStore>> list;
    for (auto** store : {&first, &second}) {
      auto memory = std::make_unique<fakes::MemoryStore>();
      *store = memory.get();
      list.push_back(std::move(memory));
    }
    return list;
  }
  void save(const std::string& secret) { tiers.save(key, base::Secret{secret}, {}); }
};

}  // namespace

TEST_CASE("the stores of a secret are those that work and have it") {
  TieredStoreFixture f;
  CHECK(f.tiers.stores_of(key).empty());
  f.save("x");
  CHECK(f.tiers.stores_of(key).size() == 2);
  f.second->secrets.clear();
  CHECK(f.tiers.stores_of(key).size() == 1);
  f.first->broken = true;
  CHECK(f.tiers.stores_of(key).empty());
}

TEST_CASE("secrets are saved in every store that works, and loaded from the first that has them") {
  TieredStoreFixture f;
  f.second->secrets.emplace(key, base::Secret{"old"});
  f.save("new");
  CHECK(f.first->secrets.at(key).reveal() == "new");
  CHECK(f.second->secrets.at(key).reveal() == "new");
  CHECK(f.tiers.load(key)->reveal() == "new");
  CHECK(f.second->loads == 0);
  f.first->secrets.clear();
  CHECK(f.tiers.load(key)->reveal() == "new");
}

TEST_CASE("a store that fails is not used again, and the next one is used instead") {
  TieredStoreFixture f;
  f.first->broken = true;
  f.save("secret");
  CHECK(f.second->secrets.contains(key));
  f.first->broken = false;
  CHECK(f.tiers.load(key)->reveal() == "secret");
  CHECK(f.first->loads == 0);
  CHECK(f.tiers.states()[0].failure == "the store is broken");
  CHECK(f.tiers.states()[1].failure.empty());
}

TEST_CASE("where no store works a secret is remembered by this process, and stored nowhere") {
  TieredStoreFixture f;
  f.save("old");
  f.first->broken = f.second->missing = true;
  f.save("secret");
  CHECK(f.tiers.load(key)->reveal() == "secret");
  CHECK(f.tiers.keys() == std::vector{key});
  CHECK(f.tiers.stores_of(key).empty());
  CHECK(f.tiers.name() == "nowhere");
  CHECK_THROWS_AS(f.tiers.erase(key), base::Error);
  CHECK_FALSE(f.tiers.load(key));
}

TEST_CASE("erasing erases everywhere") {
  TieredStoreFixture f;
  f.first->secrets.emplace(key, base::Secret{"a"});
  f.second->secrets.emplace(key, base::Secret{"b"});
  CHECK(f.tiers.keys().size() == 1);
  CHECK(f.tiers.erase(key));
  CHECK(f.first->secrets.empty());
  CHECK(f.second->secrets.empty());
}

TEST_CASE("a value, its absence and a failure are three different results") {
  TieredStoreFixture f;
  CHECK_FALSE(f.tiers.find(key).failure);
  f.second->broken = true;
  const auto unknown = f.tiers.find(key);
  CHECK_FALSE(unknown.secret);
  REQUIRE(unknown.failure);
  CHECK(unknown.failure->what() == std::string{"the store is broken"});
  f.first->secrets.emplace(key, base::Secret{"there"});
  CHECK(f.tiers.find(key).secret);
  CHECK_FALSE(f.tiers.find(key).failure);
}

TEST_CASE("a missing store counts as absence, since it cannot hold anything") {
  TieredStoreFixture f;
  f.second->missing = true;
  CHECK_FALSE(f.tiers.find(key).failure);
  CHECK_NOTHROW(f.tiers.erase(key));
}

TEST_CASE("erasing fails when a store that may hold the secret fails, but erases from the others") {
  TieredStoreFixture f;
  f.save("x");
  f.first->broken = true;
  CHECK_THROWS_AS(f.tiers.erase(key), base::Error);
  CHECK(f.second->secrets.empty());
}

TEST_CASE("a store that cannot save a new value drops the old one") {
  TieredStoreFixture f;
  f.save("old");
  f.first->full = true;
  f.save("new");
  CHECK(f.first->secrets.empty());
  CHECK(f.second->secrets.at(key).reveal() == "new");
}

TEST_CASE("replacing is atomic: a secret is never missing") {
  TieredStoreFixture f;
  f.save("old");
  f.save("new");
  CHECK(f.first->erasures == 0);
}
