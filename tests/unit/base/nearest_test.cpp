// SPDX-License-Identifier: Apache-2.0
#include "base/nearest.hpp"

#include "support/catch.hpp"

TEST_CASE("a slip of the fingers finds the word that was meant") {
  const std::vector<std::string> words = {"images", "list", "login", "status", "url", "--format"};
  CHECK(base::nearest("imagse", words) == "images");
  CHECK(base::nearest("lst", words) == "list");
  CHECK(base::nearest("lgoin", words) == "login");
  CHECK(base::nearest("stauts", words) == "status");
  CHECK(base::nearest("--fomat", words) == "--format");
}

TEST_CASE("another word is not taken for a slip") {
  const std::vector<std::string> words = {"url", "ref", "images"};
  for (const char* word : {"pull", "rm", "ls", "repo", "", "version"})
    CHECK(base::nearest(word, words).empty());
  CHECK(base::nearest(std::string(10'000, 'u'), words).empty());
}
