// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace snowflake {

/// A column of a result (`snowflake/PROTOCOL.md` 5.2).
struct Column {
  std::string name;
  std::string type;  ///< lower case: text, fixed, timestamp_ltz, ...
  int scale = 0;
};

/// A value as Snowflake writes it (4.6); absent for NULL.
using Cell = std::optional<std::string>;

/// Takes a result in, as it arrives: first `begin`, then `row` for each of its rows.
class ResultSink {
public:
  virtual ~ResultSink() = default;
  /// `time_zone` is the session's, by its IANA name; empty when the server did not say.
  virtual void begin(const std::vector<Column>&, const std::string& time_zone) = 0;
  virtual void row(std::vector<Cell>&&) = 0;
  /// Whether the result may be long, and in parts that lie elsewhere. Where not, nothing else is fetched.
  virtual bool takes_rows() const { return true; }
};

/// For statements whose result does not matter.
class NoRows final : public ResultSink {
public:
  void begin(const std::vector<Column>&, const std::string&) override {}
  void row(std::vector<Cell>&&) override {}
  bool takes_rows() const override { return false; }
};

/// A whole result in memory, for those that are small.
class Result final : public ResultSink {
public:
  void begin(const std::vector<Column>& of_result, const std::string&) override { columns = of_result; }
  void row(std::vector<Cell>&& cells) override { rows.push_back(std::move(cells)); }

  /// A cell by the name of its column; absent when there is no such column, or the cell is NULL.
  Cell at(std::size_t row, std::string_view column) const;
  bool has(std::string_view column) const;

  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
};

}  // namespace snowflake
