// SPDX-License-Identifier: Apache-2.0
#include "push/upload_slots.hpp"

#include <thread>

#include "support/catch.hpp"

using plugin::push::UploadSlots;

TEST_CASE("a busy registry halves how many bodies are on their way, down to one") {
  UploadSlots slots{6};
  slots.refused();
  CHECK(slots.limit() == 3);
  slots.refused();
  CHECK(slots.limit() == 1);
  slots.refused();
  CHECK(slots.limit() == 1);
}

TEST_CASE("bodies that were on their way together are refused once") {
  const std::atomic<bool> stop{false};
  UploadSlots slots{4};
  const auto a = slots.take(stop);
  const auto b = slots.take(stop);
  const auto c = slots.take(stop);
  const auto d = slots.take(stop);
  for (int i = 0; i < 4; ++i) slots.refused();
  CHECK(slots.limit() == 2);
}

TEST_CASE("what was halved grows back when the registry is calm, and not further than it was") {
  UploadSlots slots{2};
  slots.refused();
  for (std::size_t i = 0; i < 5 * UploadSlots::calm_bodies; ++i) slots.accepted();
  CHECK(slots.limit() == 2);
}

TEST_CASE("who waits for a slot gets one when it is free, and ends when all ends") {
  std::atomic<bool> stop{false};
  UploadSlots slots{1};
  SECTION("free") {
    std::thread other;
    {
      const auto held = slots.take(stop);
      other = std::thread{[&] { const auto slot = slots.take(stop); }};
    }
    other.join();
    CHECK(slots.limit() == 1);
  }
  SECTION("the end") {
    const auto held = slots.take(stop);
    stop = true;
    CHECK_THROWS_AS(slots.take(stop), base::Interrupted);
  }
}
