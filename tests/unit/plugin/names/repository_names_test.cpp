// SPDX-License-Identifier: Apache-2.0
#include "names/repository_names.hpp"

#include <sys/stat.h>

#include "base/file_change.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"

using Names = std::vector<std::string>;

namespace {

config::Account account(const std::string& host) { return {"", host, 443, "https"}; }

}  // namespace

TEST_CASE("what was listed last is known first, and once") {
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

TEST_CASE("each account has names of its own") {
  fakes::TemporaryDirectory directory;
  const base::Environment environment{{{"XDG_CACHE_HOME", directory.path().string()}}};
  plugin::names::RepositoryNames{environment, account("a")}.replace({"D.S.A"});
  CHECK(plugin::names::RepositoryNames{environment, account("b")}.known().empty());
}

TEST_CASE("a long list is cut") {
  fakes::TemporaryDirectory directory;
  const base::Environment environment{{{"XDG_CACHE_HOME", directory.path().string()}}};
  const plugin::names::RepositoryNames names{environment, account("a")};
  names.replace(Names(5000, "D.S.A"));
  CHECK(names.known().size() == 1000);
}

TEST_CASE("a cache that cannot be written to is no error") {
  fakes::TemporaryDirectory directory;
  const base::Environment environment{{{"XDG_CACHE_HOME", directory.path().string()}}};
  base::write_file(directory.path() / "docker-snowflake", "a file where the directory should be");
  const plugin::names::RepositoryNames names{environment, account("a")};
  names.replace({"D.S.A"});
  CHECK(names.known().empty());
}

TEST_CASE("names that would need quotes are passed on and not noted") {
  snowflake::Result result;
  plugin::names::NotedNames noted{result};
  noted.begin({{"created_on", "text"}, {"name", "text"}, {"database_name", "text"}, {"schema_name", "text"}},
              "");
  noted.row({"1", "R", "DB", "S"});
  noted.row({"2", "R", "my db", "S"});
  CHECK(result.rows.size() == 2);
  CHECK(noted.names() == Names{"DB.S.R"});
}

TEST_CASE("names lie in the home directory when no cache is named") {
  fakes::TemporaryDirectory directory;
  const base::Environment environment{{{"HOME", directory.path().string()}, {"XDG_CACHE_HOME", "relative"}}};
  plugin::names::RepositoryNames{environment, account("a")}.replace({"D.S.A"});
  CHECK(std::filesystem::exists(directory.path() / ".cache" / "docker-snowflake"));
}
