// SPDX-License-Identifier: Apache-2.0
#include "base/user_file.hpp"

#include "support/catch.hpp"
#include "support/fakes.hpp"

using base::UserFile;
using std::filesystem::perms;

TEST_CASE("a file is written through its links, with its mode, and nothing is left beside it") {
  const fakes::TemporaryDirectory directory;
  std::filesystem::create_directory(directory.path() / "real");
  const auto target = directory.path() / "real/config.json";
  const auto link = directory.path() / "config.json";
  std::filesystem::create_symlink("real/config.json", link);
  CHECK(UserFile::read(link).replace("dangling"));
  CHECK(base::read_file(target) == "dangling");
  std::filesystem::permissions(target, perms{0640});
  CHECK(UserFile::read(link).replace("{}"));
  CHECK(base::read_file(target) == "{}");
  CHECK(std::filesystem::is_symlink(link));
  CHECK(std::filesystem::status(target).permissions() == perms{0640});
  CHECK(std::distance(std::filesystem::directory_iterator{directory.path() / "real"}, {}) == 1);
}

TEST_CASE("a new file and its directories are for their owner alone") {
  const fakes::TemporaryDirectory directory;
  const auto path = directory.path() / "a/b/config.json";
  CHECK(UserFile::read(path).replace("{}"));
  CHECK(std::filesystem::status(path).permissions() == perms{0600});
  CHECK(std::filesystem::status(path.parent_path()).permissions() == perms{0700});
}

TEST_CASE("a file that another program has changed in between is left alone") {
  const fakes::TemporaryDirectory directory;
  const auto path = directory.path() / "config.json";
  const auto none = UserFile::read(path);
  base::write_file(path, "{\"theirs\":1}");
  CHECK_FALSE(none.replace("{}"));
  const auto file = UserFile::read(path);
  base::write_file(path, "{\"theirs\":2}");
  CHECK_FALSE(file.replace("{}"));
  CHECK_FALSE(file.remove());
  CHECK(base::read_file(path) == "{\"theirs\":2}");
  CHECK(std::distance(std::filesystem::directory_iterator{directory.path()}, {}) == 1);
}

TEST_CASE("a write-protected file stays as it is") {
  const fakes::TemporaryDirectory directory;
  const auto path = directory.path() / "config.json";
  base::write_file(path, "{}", 0400);
  const auto error = fakes::error_of([&] { static_cast<void>(UserFile::read(path).replace("new")); });
  CHECK(fakes::contains(error.what(), "write-protected"));
  CHECK(base::read_file(path) == "{}");
}

TEST_CASE("links that form a loop, and directories, are refused by name") {
  const fakes::TemporaryDirectory directory;
  const auto path = directory.path() / "config.json";
  std::filesystem::create_symlink("config.json", path);
  CHECK(fakes::contains(fakes::error_of([&] { UserFile::read(path); }).what(), "loop"));
  CHECK(fakes::contains(fakes::error_of([&] { UserFile::read(directory.path()); }).what(),
                        directory.path().string()));
}
