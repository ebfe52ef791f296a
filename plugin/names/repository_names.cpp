// SPDX-License-Identifier: Apache-2.0
#include "names/repository_names.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <sstream>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/file_change.hpp"
#include "base/text.hpp"
#include "config/account.hpp"
#include "names/object_name.hpp"

namespace plugin::names {
namespace {

/// A longer list is of no use for completion.
constexpr std::size_t max_names = 1000;

/// What makes up a name in a listing.
constexpr std::array name_columns = {"database_name", "schema_name", "name"};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream{text};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

RepositoryNames::RepositoryNames(const base::Environment& environment, const config::Account& account)
    : file_(environment.cache_file("repositories-of-" + account.host)) {}

std::vector<std::string> RepositoryNames::known() const {
  try {
    return lines_of(base::read_file(file_).value_or(""));
  } catch (const base::Error&) {
    return {};
  }
}

void RepositoryNames::replace(const std::vector<std::string>& names) const {
  if (file_.empty()) return;
  std::string text;
  std::size_t count = 0;
  for (const auto& name : names) {
    if (name.find('"') == std::string::npos && ++count <= max_names) text += name + '\n';
  }
  try {
    if (base::read_file(file_) == text) return;
    std::error_code failure;
    std::filesystem::create_directories(file_.parent_path(), failure);
    base::write_file(file_, text);
  } catch (const base::Error&) {
    // A read-only home or a full disk: what was asked for is the listing, not the cache.
  }
}

void RepositoryNames::add(std::vector<std::string> names) const {
  const std::set<std::string> new_names{names.begin(), names.end()};
  for (auto& name : known()) {
    if (!new_names.contains(name)) names.push_back(std::move(name));
  }
  replace(names);
}

void NameCollector::begin(const std::vector<snowflake::Column>& columns, const std::string& time_zone) {
  for (const char* name : name_columns) {
    const auto found = std::ranges::find(columns, name, &snowflake::Column::name);
    if (found != columns.end()) columns_.push_back(static_cast<std::size_t>(found - columns.begin()));
  }
  next_.begin(columns, time_zone);
}

void NameCollector::row(std::vector<snowflake::Cell>&& cells) {
  if (columns_.size() == name_columns.size() && names_.size() < max_names) {
    std::vector<std::string> parts;
    for (const auto column : columns_)
      parts.push_back(snowflake::quoted_identifier(cells.at(column).value_or("")));
    names_.push_back(base::join(parts, "."));
  }
  next_.row(std::move(cells));
}

std::vector<std::string> qualified_names(const snowflake::Result& repositories) {
  std::vector<std::string> names;
  for (std::size_t row = 0; row < repositories.rows.size(); ++row) {
    std::vector<std::string> parts;
    for (const char* column : name_columns)
      parts.push_back(snowflake::quoted_identifier(repositories.at(row, column).value_or("")));
    names.push_back(base::join(parts, "."));
  }
  return names;
}

}  // namespace plugin::names
