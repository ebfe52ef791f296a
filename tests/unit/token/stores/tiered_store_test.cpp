// SPDX-License-Identifier: Apache-2.0
#include "token/stores/tiered_store.hpp"

#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace {

const token::StoreKey key{.kind = "k", .host = "h", .user = "u", .detail = "d"};

struct Fixture {
  fakes::MemoryStore* first = nullptr;
  fakes::MemoryStore* second = nullptr;
  token::TieredStore ladder{places()};

  std::vector<std::unique_ptr<token::TokenStore>> places() {
    std::vector<std::unique_ptr<token::TokenStore>> stores;
    for (auto** store : {&first, &second}) {
      auto memory = std::make_unique<fakes::MemoryStore>();
      *store = memory.get();
      stores.push_back(std::move(memory));
    }
    return stores;
  }
  void save(const std::string& secret) { ladder.save(key, base::Secret{secret}, {}); }
};

}  // namespace

TEST_CASE("the places of a secret are those that have it and work") {
  Fixture f;
  CHECK(f.ladder.places_of(key).empty());
  f.save("x");
  CHECK(f.ladder.places_of(key).size() == 2);
  f.second->secrets.clear();
  CHECK(f.ladder.places_of(key).size() == 1);
  f.first->broken = true;
  CHECK(f.ladder.places_of(key).empty());
}

TEST_CASE("every place that works keeps a secret, and the first that has it gives it") {
  Fixture f;
  f.second->secrets.emplace(key, base::Secret{"old"});
  f.save("new");
  CHECK(f.first->secrets.at(key).reveal() == "new");
  CHECK(f.second->secrets.at(key).reveal() == "new");
  CHECK(f.ladder.load(key)->reveal() == "new");
  CHECK(f.second->loads == 0);
  f.first->secrets.clear();
  CHECK(f.ladder.load(key)->reveal() == "new");
}

TEST_CASE("a place that fails is left alone, and the next one serves") {
  Fixture f;
  f.first->broken = true;
  f.save("secret");
  CHECK(f.second->secrets.contains(key));
  f.first->broken = false;
  CHECK(f.ladder.load(key)->reveal() == "secret");
  CHECK(f.first->loads == 0);
  CHECK(f.ladder.places()[0].failure == "the store is broken");
  CHECK(f.ladder.places()[1].failure.empty());
}

TEST_CASE("where no place works nothing is kept, and nothing fails") {
  Fixture f;
  f.first->broken = f.second->broken = true;
  f.save("secret");
  CHECK_FALSE(f.ladder.load(key));
  CHECK_FALSE(f.ladder.erase(key));
  CHECK(f.ladder.keys().empty());
  CHECK(f.ladder.name() == "nowhere");
}

TEST_CASE("erasing erases everywhere") {
  Fixture f;
  f.first->secrets.emplace(key, base::Secret{"a"});
  f.second->secrets.emplace(key, base::Secret{"b"});
  CHECK(f.ladder.keys().size() == 1);
  CHECK(f.ladder.erase(key));
  CHECK(f.first->secrets.empty());
  CHECK(f.second->secrets.empty());
}
