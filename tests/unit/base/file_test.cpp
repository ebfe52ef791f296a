// SPDX-License-Identifier: Apache-2.0
#include "base/file.hpp"

#include <sys/stat.h>

#include "support/catch.hpp"
#include "support/fakes.hpp"

TEST_CASE("a file that is not there is absent, and one that cannot be read is an error that names it") {
  const fakes::TemporaryFolder folder;
  CHECK_FALSE(base::read_file(folder.path() / "none"));
  CHECK_FALSE(base::read_file(folder.path() / "none" / "below"));
  const auto error = fakes::error_of([&] { base::read_file(folder.path()); });
  CHECK(error.kind() == base::Kind::config);
  CHECK(std::string{error.what()}.find(folder.path().string()) != std::string::npos);
}

TEST_CASE("a file is written whole, with its mode, and nothing is left beside it") {
  const fakes::TemporaryFolder folder;
  const auto path = folder.path() / "file";
  base::write_file(path, "first", 0644);
  base::write_file(path, std::string("second\0", 7), 0600);
  CHECK(base::read_file(path) == std::string("second\0", 7));
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  CHECK(std::distance(std::filesystem::directory_iterator{folder.path()}, {}) == 1);
}

TEST_CASE("a write that fails leaves the old file and no other") {
  const fakes::TemporaryFolder folder;
  const auto path = folder.path() / "file";
  std::filesystem::create_directory(path);
  CHECK_THROWS(base::write_file(path, "content"));
  CHECK(std::distance(std::filesystem::directory_iterator{folder.path()}, {}) == 1);
}

TEST_CASE("a file that is too long is refused") {
  const fakes::TemporaryFolder folder;
  base::write_file(folder.path() / "file", std::string(100, 'a'));
  CHECK(base::read_file(folder.path() / "file", 100));
  CHECK_THROWS(base::read_file(folder.path() / "file", 99));
}

TEST_CASE("a file is not replaced when somebody says no at the last moment") {
  const fakes::TemporaryFolder folder;
  const auto path = folder.path() / "file";
  base::write_file(path, "old", 0640);
  CHECK_FALSE(base::replace_file(path, "new", {}, [] { return false; }));
  CHECK(base::read_file(path) == "old");
  const auto ownership = base::FileOwnership::of(path);
  REQUIRE(ownership);
  CHECK(base::replace_file(path, "new", *ownership, [] { return true; }));
  CHECK(base::read_file(path) == "new");
  CHECK(base::FileOwnership::of(path)->mode == 0640);
  CHECK_FALSE(base::FileOwnership::of(folder.path() / "none"));
  CHECK(std::distance(std::filesystem::directory_iterator{folder.path()}, {}) == 1);
}
