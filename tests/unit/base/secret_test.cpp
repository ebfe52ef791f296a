// SPDX-License-Identifier: Apache-2.0
#include "base/secret.hpp"

#include <type_traits>

#include "support/catch.hpp"

using base::Secret;

TEST_CASE("moving a secret leaves no copy behind, and copying it copies all of it") {
  Secret first{"hunter2"};
  const Secret copy = first;
  const Secret moved = std::move(first);
  CHECK(moved.reveal() == "hunter2");
  CHECK(copy.reveal() == "hunter2");
  CHECK(first.empty());  // NOLINT(bugprone-use-after-move): that is the point
  Secret assigned{"old"};
  assigned = copy;
  CHECK(assigned.reveal() == "hunter2");
  CHECK(Secret{}.reveal().empty());
}

TEST_CASE("a secret does not turn into text by accident") {
  STATIC_REQUIRE_FALSE(std::is_convertible_v<Secret, std::string_view>);
  STATIC_REQUIRE_FALSE(std::is_convertible_v<std::string_view, Secret>);
}
