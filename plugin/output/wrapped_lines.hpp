// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <ostream>
#include <streambuf>
#include <string>

namespace plugin::output {

/// Wraps what is written to a stream at the width of its terminal (`ui::wrapped`), each line when it is
/// complete, for as long as this object lives. If `descriptor` is not a terminal, nothing changes: what goes
/// into a pipe or a file can be searched.
class WrappedLines final : private std::streambuf {
public:
  WrappedLines(std::ostream& stream, int descriptor);
  WrappedLines(const WrappedLines&) = delete;
  WrappedLines& operator=(const WrappedLines&) = delete;
  ~WrappedLines() override;

private:
  int_type overflow(int_type character) override;
  std::streamsize xsputn(const char* text, std::streamsize length) override;
  int sync() override;
  bool write(std::string_view text);

  std::ostream& stream_;
  std::streambuf* target_;
  std::ios::fmtflags flags_;
  std::size_t width_;
  std::mutex mutex_;  ///< requests are traced from several threads
  std::string line_;
};

}  // namespace plugin::output
