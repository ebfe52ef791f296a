// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <memory>
#include <string>

#include "output/format.hpp"
#include "output/json.hpp"
#include "snowflake/result.hpp"

namespace output {

/// Prints the result of a command as the Snowflake CLI would, byte for byte in a pipe
/// (`snowflake/PROTOCOL.md` 10.4). On a terminal tables fit it, with a bold header.
class Printer {
public:
  Printer(std::ostream& out, Format format, const Terminal& terminal)
      : out_(out), format_(format), terminal_(terminal) {}

  /// One sentence, or one thing to be used elsewhere.
  void message(const std::string& text) const;
  /// What is known of one thing.
  void object(const Fields&) const;
  /// The same of several, which have the same names.
  void objects(const std::vector<Fields>&) const;
  /// Takes the rows of a result in and prints them as they come, in memory that does not grow with them. It
  /// is whole when this is gone or `end` was called.
  class Collection;
  std::unique_ptr<Collection> collection() const;

  Format format() const noexcept { return format_; }

private:
  std::ostream& out_;
  Format format_;
  Terminal terminal_;
};

class Printer::Collection : public snowflake::ResultSink {
public:
  /// The result was whole: what is still held back is printed.
  virtual void end() = 0;
};

}  // namespace output
