// SPDX-License-Identifier: Apache-2.0
#include "base/secret.hpp"

#include "base/text.hpp"

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

TEST_CASE("a secret that was used is masked in foreign text") {
  base::mask_from_now_on(base::Secret{"hunter2-and-more"});
  base::mask_from_now_on(base::Secret{"hunter2"});
  base::mask_from_now_on(base::Secret{"abc"});
  CHECK(base::printable("wrong password: hunter2-and-more!") == "wrong password: ***!");
  CHECK(base::printable("hunter2 hunter2 abc") == "*** *** abc");
}

TEST_CASE("a short secret is masked as a whole word only") {
  base::mask_from_now_on(base::Secret{"pawl"});
  CHECK(base::with_secrets_masked("wrong password 'pawl'") == "wrong password '***'");
  CHECK(base::with_secrets_masked("the pawls of a spawl") == "the pawls of a spawl");
}
