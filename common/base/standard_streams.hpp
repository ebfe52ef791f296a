// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace base {

/// What comes from standard input until it ends or more than `most` bytes have come: a longer text is cut
/// somewhere beyond that. What cannot be read is as if it had ended.
///
/// Not by `std::cin`: the streams of the library alone take a tenth of a millisecond to start.
std::string read_standard_input(std::size_t most);

/// False when standard output takes no more: a full disk, it was closed, or the reader of a pipe is gone.
[[nodiscard]] bool write_standard_output(std::string_view text) noexcept;
/// Whether standard output is a pipe or a socket whose other end is closed.
bool nobody_reads_standard_output() noexcept;
/// What cannot be told is left out.
void write_standard_error(std::string_view text) noexcept;

}  // namespace base
