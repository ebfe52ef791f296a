// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "net/http.hpp"

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

using RowHandler = std::function<void(std::vector<Cell>&&)>;

/// Fetches the parts of a large result that `data` names (`snowflake/PROTOCOL.md` 5.2), as they are: mostly
/// compressed to a tenth. They are in the cloud's storage, which is sent the headers for it and never a
/// Snowflake token: https, and not on this machine or its network unless the account itself is there. Throws
/// `network`, also when all of them are too large for memory.
std::vector<base::Secret> fetch_chunks(net::HttpClient&, const std::string& account_host,
                                       const base::Json& data);

/// Hands on the rows of one part. Throws `network` when it is damaged.
void read_chunk(const base::Secret& chunk, const RowHandler&);

/// Hands on the rows of `data.rowset` in an answer, one by one and without a tree of all of them. Throws
/// `network` when the answer is none.
void read_rowset(std::string_view answer, const RowHandler&);

/// The same for an array of rows, which is what the parts of a large result are. Throws as `read_rowset`.
void read_rows(std::string_view array, const RowHandler&);

}  // namespace snowflake
