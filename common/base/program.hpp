// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace base {

/// What both programs do before anything else:
/// - Standard streams that are closed are opened, so that no other file gets their numbers: reading and
///   writing fails as before.
/// - SIGPIPE and SIGXFSZ are ignored: writing fails with an errno instead.
/// - The process's umask leaves to this user what is this user's.
/// - No core dumps, and no debuggers of the same user: memory holds secrets.
void prepare_program() noexcept;

/// Ends the process when `limit` has passed, whatever a library or a name server is doing then: writes `out`
/// to standard output and `err` to standard error, and exits with `status`. Both are string literals. A later
/// call replaces an earlier one.
void end_program_after(std::chrono::milliseconds limit, const char* out, const char* err,
                       int status) noexcept;

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
