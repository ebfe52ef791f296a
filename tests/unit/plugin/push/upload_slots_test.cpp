// SPDX-License-Identifier: Apache-2.0
#include "push/upload_slots.hpp"

#include <thread>

#include "support/catch.hpp"

using plugin::push::UploadSlots;

TEST_CASE("a busy registry halves the number of bodies in flight, down to one") {
  UploadSlots slots{6};
  slots.on_refused();
  CHECK(slots.limit() == 3);
  slots.on_refused();
  CHECK(slots.limit() == 1);
  slots.on_refused();
  CHECK(slots.limit() == 1);
}

TEST_CASE("bodies that were in flight together count as one refusal") {
  const std::atomic<bool> stop{false};
  UploadSlots slots{4};
  const auto a = slots.acquire(stop);
  const auto b = slots.acquire(stop);
  const auto c = slots.acquire(stop);
  const auto d = slots.acquire(stop);
  for (int i = 0; i < 4; ++i) slots.on_refused();
  CHECK(slots.limit() == 2);
}

TEST_CASE("the limit grows back as the registry accepts bodies, but not beyond its start") {
  UploadSlots slots{2};
  slots.on_refused();
  for (std::size_t i = 0; i < 5 * UploadSlots::accepted_to_grow; ++i) slots.on_accepted();
  CHECK(slots.limit() == 2);
}

TEST_CASE("a wait for a slot ends when one is free, or when the push stops") {
  std::atomic<bool> stop{false};
  UploadSlots slots{1};
  SECTION("free") {
    std::thread other;
    {
      const auto held = slots.acquire(stop);
      other = std::thread{[&] { const auto slot = slots.acquire(stop); }};
    }
    other.join();
    CHECK(slots.limit() == 1);
  }
  SECTION("stop") {
    const auto held = slots.acquire(stop);
    stop = true;
    CHECK_THROWS_AS(slots.acquire(stop), base::Interrupted);
  }
}
