// SPDX-License-Identifier: Apache-2.0
#include "docker_config/config_file.hpp"

#include "docker_config/undo.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace docker_config = plugin::docker_config;

using base::Environment;
using plugin::docker_config::ConfigFile;
using std::filesystem::perms;

TEST_CASE("a file is written through its links, with its mode, and nothing is left beside it") {
  const fakes::TemporaryDirectory directory;
  std::filesystem::create_directory(directory.path() / "real");
  const auto target = directory.path() / "real/config.json";
  const auto link = directory.path() / "config.json";
  std::filesystem::create_symlink("real/config.json", link);
  CHECK(docker_config::replace(ConfigFile::read(link), "dangling"));
  CHECK(base::read_file(target) == "dangling");
  std::filesystem::permissions(target, perms{0640});
  CHECK(docker_config::replace(ConfigFile::read(link), "{}"));
  CHECK(base::read_file(target) == "{}");
  CHECK(std::filesystem::is_symlink(link));
  CHECK(std::filesystem::status(target).permissions() == perms{0640});
  CHECK(std::distance(std::filesystem::directory_iterator{directory.path() / "real"}, {}) == 1);
}

TEST_CASE("a new file and its directories are for their owner alone") {
  const fakes::TemporaryDirectory directory;
  const auto path = directory.path() / "a/b/config.json";
  CHECK(docker_config::replace(ConfigFile::read(path), "{}"));
  CHECK(std::filesystem::status(path).permissions() == perms{0600});
  CHECK(std::filesystem::status(path.parent_path()).permissions() == perms{0700});
}

TEST_CASE("a file that another program has changed meanwhile is left alone") {
  const fakes::TemporaryDirectory directory;
  const auto path = directory.path() / "config.json";
  const auto none = ConfigFile::read(path);
  base::write_file(path, "{\"theirs\":1}");
  CHECK_FALSE(docker_config::replace(none, "{}"));
  const auto file = ConfigFile::read(path);
  base::write_file(path, "{\"theirs\":2}");
  CHECK_FALSE(docker_config::replace(file, "{}"));
  CHECK_FALSE(docker_config::remove(file));
  CHECK(base::read_file(path) == "{\"theirs\":2}");
  CHECK(std::distance(std::filesystem::directory_iterator{directory.path()}, {}) == 1);
}

TEST_CASE("a write protected file stays as it is") {
  const fakes::TemporaryDirectory directory;
  const auto path = directory.path() / "config.json";
  base::write_file(path, "{}", 0400);
  const auto error =
      fakes::error_of([&] { static_cast<void>(docker_config::replace(ConfigFile::read(path), "new")); });
  CHECK(fakes::contains(error.what(), "write-protected"));
  CHECK(base::read_file(path) == "{}");
}

TEST_CASE("links that form a loop, and directories, are named") {
  const fakes::TemporaryDirectory directory;
  const auto path = directory.path() / "config.json";
  std::filesystem::create_symlink("config.json", path);
  CHECK(fakes::contains(fakes::error_of([&] { ConfigFile::read(path); }).what(), "loop"));
  CHECK(fakes::contains(fakes::error_of([&] { ConfigFile::read(directory.path()); }).what(),
                        directory.path().string()));
}

TEST_CASE("the record of changes is read as it was written, and goes when there is nothing in it") {
  const fakes::TemporaryDirectory directory;
  const base::Environment environment{{{"XDG_STATE_HOME", directory.path().string()}}};
  auto record = docker_config::UndoRecord::read(environment);
  CHECK(record.changes.empty());
  docker_config::Change change{"/h/config.json", true, "/h", " \n", "mark", {}, {"a"}};
  change.edits.push_back({"o", "k", std::nullopt, "1", 7, "", ", \"k\": 1"});
  record.changes.push_back(change);
  record.write();
  auto again = docker_config::UndoRecord::read(environment);
  REQUIRE(again.changes.size() == 1);
  const auto& read = again.changes.front();
  CHECK((read.file == change.file && read.made_file && read.made_directory == "/h" && read.blank == " \n"));
  CHECK((read.after == "mark" && read.logins == change.logins));
  REQUIRE(read.edits.size() == 1);
  CHECK((read.edits[0].key == "k" && !read.edits[0].was && read.edits[0].now == "1"));
  CHECK((read.edits[0].at == 7 && read.edits[0].added == ", \"k\": 1"));
  base::write_file(record.file(), "{\"version\":1,\"changes\":[{}]}");
  CHECK(fakes::contains(fakes::error_of([&] { docker_config::UndoRecord::read(environment); }).what(),
                        "setup.json"));
  again.changes.clear();
  again.write();
  CHECK(std::filesystem::is_empty(directory.path()));
}

TEST_CASE("Docker's settings are where Docker looks for them") {
  CHECK(docker_config::docker_file(Environment{{{"HOME", "/h"}}}, std::nullopt) == "/h/.docker/config.json");
  CHECK(docker_config::docker_file(Environment{{{"HOME", "/h"}, {"DOCKER_CONFIG", "/d"}}}, std::nullopt) ==
        "/d/config.json");
  CHECK(docker_config::docker_file(Environment{{{"HOME", "/h"}, {"DOCKER_CONFIG", "/d"}}}, "/given") ==
        "/given/config.json");
}

TEST_CASE("the file of podman and the others is in the configuration directory, or where a variable says") {
  const Environment usual{{{"HOME", "/h"}, {"XDG_RUNTIME_DIR", "/r"}}};
  CHECK(docker_config::containers_file(usual) == "/h/.config/containers/auth.json");
  CHECK(docker_config::containers_runtime_file(usual) == "/r/containers/auth.json");
  const Environment named{{{"HOME", "/h"}, {"REGISTRY_AUTH_FILE", "/f.json"}}};
  CHECK(docker_config::containers_file(named) == "/f.json");
  CHECK_FALSE(docker_config::containers_runtime_file(named));
}

TEST_CASE("Helm has a file of its own") {
  CHECK(docker_config::helm_file(Environment{{{"HOME", "/h"}}}) == "/h/.config/helm/registry/config.json");
  Environment::Variables more{{"HOME", "/h"}, {"HELM_CONFIG_HOME", "/c"}};
  CHECK(docker_config::helm_file(Environment{more}) == "/c/registry/config.json");
  more["HELM_REGISTRY_CONFIG"] = "/f.json";
  CHECK(docker_config::helm_file(Environment{more}) == "/f.json");
}
