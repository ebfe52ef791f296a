// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "output/printer.hpp"
#include "output/table.hpp"

/// One writer for each format of results with rows.
namespace output {

/// What they share: columns by names of which none comes twice, and cells read as values.
class ReadingCollection : public Printer::Collection {
public:
  explicit ReadingCollection(bool nested) : nested_(nested) {}
  void begin(const std::vector<snowflake::Column>&, const std::string& time_zone) final;
  void row(std::vector<snowflake::Cell>&&) final;

protected:
  virtual void values(std::vector<Value>&&) = 0;
  const std::vector<std::string>& names() const noexcept { return names_; }

private:
  bool nested_;
  std::vector<snowflake::Column> columns_;
  std::vector<std::string> names_;
  std::optional<TimeZone> zone_;
};

/// An array of objects.
class JsonCollection final : public ReadingCollection {
public:
  JsonCollection(std::ostream& out, bool nested) : ReadingCollection(nested), out_(out) {}
  void end() override;

private:
  void values(std::vector<Value>&&) override;
  std::ostream& out_;
  bool empty_ = true;
};

/// A header and records; nothing at all for no rows.
class CsvCollection final : public ReadingCollection {
public:
  explicit CsvCollection(std::ostream& out) : ReadingCollection(false), out_(out) {}
  void end() override {}

private:
  void values(std::vector<Value>&&) override;
  std::ostream& out_;
  bool empty_ = true;
};

/// A table. A long one is printed before all of it is there, in columns as wide as its beginning asks for
/// (`snowflake/PROTOCOL.md` 10.4).
class TableCollection final : public ReadingCollection {
public:
  TableCollection(std::ostream& out, const Terminal& terminal)
      : ReadingCollection(false), out_(out), terminal_(terminal) {}
  void end() override;

private:
  void values(std::vector<Value>&&) override;
  void begin_streaming();
  std::ostream& out_;
  Terminal terminal_;
  std::optional<Table> table_;
  std::vector<std::size_t> streamed_widths_;  ///< empty as long as the table is held
  std::size_t cells_ = 0;
  std::size_t characters_ = 0;
};

}  // namespace output
