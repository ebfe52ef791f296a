// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "output/printer.hpp"
#include "output/time_zone.hpp"
#include "snowflake/result.hpp"

namespace plugin::commands {

/// A cell of a result, parsed by the type of its column. A cell that cannot be parsed is kept as text.
/// `nested`: JSON in the cell becomes part of the document.
output::Value value_of(const snowflake::Column&, const snowflake::Cell&, const output::TimeZone&,
                       bool nested);

/// How long ago a timestamp of a result was, "3 weeks ago"; empty when it is not a timestamp.
std::string age_of(const snowflake::Cell& timestamp, base::TimePoint now);

/// Prints the rows of a statement as they arrive. The printer's `end` is left to the caller, who knows
/// whether the result was complete.
class ResultRows final : public snowflake::ResultSink {
public:
  ResultRows(output::RowPrinter& printer, output::Format format)
      : printer_(printer), nested_(format == output::Format::json_ext) {}
  void begin(const std::vector<snowflake::Column>&, const std::string& time_zone) override;
  void row(std::vector<snowflake::Cell>&&) override;

private:
  output::RowPrinter& printer_;
  bool nested_;
  std::vector<snowflake::Column> columns_;
  std::optional<output::TimeZone> zone_;
};

}  // namespace plugin::commands
