// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace base {

/// What both programs do before anything else:
/// - Closed standard streams are opened, so that no other file gets their numbers; reading and writing them
///   still fails.
/// - SIGPIPE and SIGXFSZ are ignored: writing fails with an errno instead.
/// - The umask does not restrict this user's own access.
/// - No core dumps, and no debuggers of the same user: memory holds secrets.
void prepare_program() noexcept;

/// Ends the process after `limit`, even while a library hangs: writes `out` to standard output and `err` to
/// standard error, and exits with `status`. Both must be string literals. A later call replaces an earlier
/// one.
void end_program_after(std::chrono::milliseconds limit, const char* out, const char* err,
                       int status) noexcept;

/// Reads standard input to its end, or until it is longer than `max_bytes`: then the result is longer, too. A
/// read error counts as the end.
///
/// Does not use `std::cin`: initializing iostreams alone takes a tenth of a millisecond.
std::string read_standard_input(std::size_t max_bytes);

/// False when writing fails: a full disk, a closed stream, or a pipe without a reader.
[[nodiscard]] bool write_standard_output(std::string_view text) noexcept;
/// The same; when writing fails, `program: sentence` is written to standard error.
[[nodiscard]] bool write_answer(std::string_view program, std::string_view text) noexcept;
/// Whether standard output is a pipe or a socket whose other end is closed.
bool standard_output_is_closed() noexcept;
/// Errors are ignored.
void write_standard_error(std::string_view text) noexcept;

}  // namespace base
