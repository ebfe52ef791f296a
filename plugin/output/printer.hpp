// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "output/format.hpp"
#include "output/value.hpp"

namespace plugin::output {

using Row = std::vector<Value>;

/// Prints rows as they come, in memory that does not grow with them.
class RowPrinter {
public:
  virtual ~RowPrinter() = default;
  virtual void begin(const std::vector<std::string>& columns) = 0;
  virtual void row(Row&&) = 0;
  /// The result was complete: prints what is still held back.
  virtual void end() = 0;
};

/// Prints the result of a command as the Snowflake CLI would, byte for byte in a pipe
/// (`snowflake/PROTOCOL.md` 10.4). On a terminal tables fit it, with a bold header.
class Printer {
public:
  Printer(std::ostream& out, Format format, const Terminal& terminal)
      : out_(out), format_(format), terminal_(terminal) {}

  /// A sentence, or a single value for scripts.
  void message(const std::string& text) const;
  /// What is known about one thing.
  void object(const Fields&) const;
  /// The same about several, which have the same names.
  void objects(const std::vector<Fields>&) const;
  std::unique_ptr<RowPrinter> rows() const;

private:
  std::ostream& out_;
  Format format_;
  Terminal terminal_;
};

}  // namespace plugin::output
