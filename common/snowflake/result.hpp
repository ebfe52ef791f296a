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

/// A value in Snowflake's text form (`snowflake/PROTOCOL.md` 5.2); absent for NULL.
using Cell = std::optional<std::string>;

/// Receives a result: first `begin`, then `row` for each row.
class ResultSink {
public:
  virtual ~ResultSink() = default;
  /// `time_zone` is the IANA name of the session's time zone; empty if the server did not send it.
  virtual void begin(const std::vector<Column>&, const std::string& time_zone) = 0;
  virtual void row(std::vector<Cell>&&) = 0;
  /// Whether it uses the rows. If not, they are discarded, and chunks are not fetched.
  virtual bool takes_rows() const { return true; }
};

/// For statements whose result does not matter.
class NoRows final : public ResultSink {
public:
  void begin(const std::vector<Column>&, const std::string&) override {}
  void row(std::vector<Cell>&&) override {}
  bool takes_rows() const override { return false; }
};

/// Holds a small result in memory.
class Result final : public ResultSink {
public:
  void begin(const std::vector<Column>& of_result, const std::string& of_session) override {
    columns = of_result;
    time_zone = of_session;
  }
  void row(std::vector<Cell>&& cells) override { rows.push_back(std::move(cells)); }

  /// A cell by column name; absent when there is no such column, or the cell is NULL.
  Cell at(std::size_t row, std::string_view column) const;
  /// Whether there is a column with this name.
  bool has(std::string_view column) const;

  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
  std::string time_zone;  ///< as for `begin`
};

/// Receives a row.
using RowHandler = std::function<void(std::vector<Cell>&&)>;

/// Fetches the chunks of a large result that `data` lists (`snowflake/PROTOCOL.md` 5.2), still compressed.
/// They are in cloud storage, which gets the headers in `data` and never a Snowflake token; the storage must
/// use https, and must not be on this machine or its network unless the account itself is. Throws `network`,
/// also when the chunks are too large for memory.
std::vector<base::Secret> fetch_chunks(net::HttpClient&, const std::string& account_host,
                                       const base::Json& data);

/// Passes the rows of a chunk to the handler. Throws `network` when it is damaged.
void read_chunk(const base::Secret& chunk, const RowHandler&);

/// Passes the rows of `data.rowset` in an answer to the handler one by one, without building a tree of all of
/// them. Throws `network` when the answer is malformed.
void read_rowset(std::string_view answer, const RowHandler&);

/// The same for an array of rows, as in a chunk. Throws like `read_rowset`.
void read_rows(std::string_view array, const RowHandler&);

}  // namespace snowflake
