// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/environment.hpp"
#include "config/account.hpp"
#include "config/connection.hpp"
#include "snowflake/result.hpp"

namespace plugin::names {

/// The image repositories of one account that were listed last, by name, so that a shell can complete them
/// without a network. A small file below `XDG_CACHE_HOME`, else `~/.cache`; it holds nothing else, and
/// nothing secret.
class RepositoryNames {
public:
  RepositoryNames(const base::Environment&, const config::Account&);

  /// `DATABASE.SCHEMA.REPOSITORY`, those listed last first. None when the file cannot be read.
  std::vector<std::string> known() const;
  /// Stores the names of a complete listing, without those that need quotes: no image can be in them.
  void replace(const std::vector<std::string>& names) const;
  /// The same for a part of the repositories: keeps the others.
  void add(std::vector<std::string> names) const;

private:
  std::filesystem::path file_;
};

/// Passes a listing of image repositories on to another sink, and collects their names.
class NameCollector final : public snowflake::ResultSink {
public:
  explicit NameCollector(snowflake::ResultSink& next) : next_(next) {}
  void begin(const std::vector<snowflake::Column>&, const std::string& time_zone) override;
  void row(std::vector<snowflake::Cell>&&) override;

  /// `database.schema.repository`, quoted for SQL; not more than `RepositoryNames` stores.
  const std::vector<std::string>& names() const noexcept { return names_; }

private:
  snowflake::ResultSink& next_;
  std::vector<std::size_t> columns_;  ///< of database, schema and name
  std::vector<std::string> names_;
};

/// `database.schema.repository` of each row of SHOW IMAGE REPOSITORIES, quoted for SQL.
std::vector<std::string> qualified_names(const snowflake::Result&);

}  // namespace plugin::names
