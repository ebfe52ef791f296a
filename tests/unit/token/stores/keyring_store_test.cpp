// SPDX-License-Identifier: Apache-2.0
#include "token/stores/keyring_store.hpp"

#include <unistd.h>

#include "base/error.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

using namespace std::chrono_literals;

TEST_CASE("the kernel keyring stores, lists, replaces and erases") {
  base::SystemClock clock;
  token::KeyringStore store{clock};
  try {
    store.check();
  } catch (const base::Error& error) {
    WARN("no kernel keyring here: " << error.what());
    return;
  }
  const token::StoreKey key{
      .kind = "unit-test", .host = "host:1", .user = "U/ser %", .detail = std::to_string(getpid())};
  store.save(key, base::Secret{"one"}, clock.now() + 60s);
  CHECK(store.load(key)->reveal() == "one");
  store.save(key, base::Secret{"two"}, clock.now() + 60s);
  CHECK(store.load(key)->reveal() == "two");
  const auto keys = store.keys();
  CHECK(std::ranges::count(keys, key) == 1);
  CHECK(store.erase(key));
  CHECK_FALSE(store.erase(key));
  CHECK_FALSE(store.load(key));
  store.save(key, base::Secret{"over"}, clock.now() - 1s);
  CHECK_FALSE(store.load(key));
}
