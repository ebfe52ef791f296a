// SPDX-License-Identifier: Apache-2.0
#include "names/repository_names.hpp"

#include <sys/stat.h>

#include "base/file_change.hpp"
#include "config/account.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

using Names = std::vector<std::string>;

namespace {

config::Account account(const std::string& host) { return {"", host, 443, "https"}; }

}  // namespace

TEST_CASE("the repositories that were listed last come first, without repetitions") {
  fakes::TemporaryDirectory directory;
  const base::Environment environment{{{"XDG_CACHE_HOME", directory.path().string()}}};
  const plugin::names::RepositoryNames names{environment, account("a")};
  CHECK(names.known().empty());
  names.add({"D.S.A", "D.S.B"});
  names.add({"D.S.C", "D.S.A"});
  CHECK(names.known() == Names{"D.S.C", "D.S.A", "D.S.B"});
  names.replace({"D.S.B"});
  CHECK(names.known() == Names{"D.S.B"});
}

TEST_CASE("each account has its own names") {
  fakes::TemporaryDirectory directory;
  const base::Environment environment{{{"XDG_CACHE_HOME", directory.path().string()}}};
  plugin::names::RepositoryNames{environment, account("a")}.replace({"D.S.A"});
  CHECK(plugin::names::RepositoryNames{environment, account("b")}.known().empty());
}

TEST_CASE("a long list is cut off") {
  fakes::TemporaryDirectory directory;
  const base::Environment environment{{{"XDG_CACHE_HOME", directory.path().string()}}};
  const plugin::names::RepositoryNames names{environment, account("a")};
  names.replace(Names(5000, "D.S.A"));
  CHECK(names.known().size() == 1000);
}

TEST_CASE("a cache that cannot be written is not an error") {
  fakes::TemporaryDirectory directory;
  const base::Environment environment{{{"XDG_CACHE_HOME", directory.path().string()}}};
  base::write_file(directory.path() / "docker-snowflake", "a file where the directory should be");
  const plugin::names::RepositoryNames names{environment, account("a")};
  names.replace({"D.S.A"});
  CHECK(names.known().empty());
}

TEST_CASE("the names in a listing are collected while it is passed on") {
  snowflake::Result result;
  plugin::names::NameCollector collector{result};
  collector.begin(
      {{"created_on", "text"}, {"name", "text"}, {"database_name", "text"}, {"schema_name", "text"}}, "");
  collector.row({"1", "R", "DB", "S"});
  collector.row({"2", "R", "my db", "S"});
  CHECK(result.rows.size() == 2);
  CHECK(collector.names() == Names{"DB.S.R", "\"my db\".S.R"});
  CHECK(plugin::names::qualified_names(result) == collector.names());
}

TEST_CASE("names that need quotes are not stored") {
  fakes::TemporaryDirectory directory;
  const base::Environment environment{{{"XDG_CACHE_HOME", directory.path().string()}}};
  const plugin::names::RepositoryNames names{environment, account("a")};
  names.add({"D.S.A", "\"my db\".S.R"});
  CHECK(names.known() == Names{"D.S.A"});
}

TEST_CASE("names are in the home directory when there is no XDG_CACHE_HOME") {
  fakes::TemporaryDirectory directory;
  const base::Environment environment{{{"HOME", directory.path().string()}, {"XDG_CACHE_HOME", "relative"}}};
  plugin::names::RepositoryNames{environment, account("a")}.replace({"D.S.A"});
  CHECK(std::filesystem::exists(directory.path() / ".cache" / "docker-snowflake"));
}
