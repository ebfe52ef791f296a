// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

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

}  // namespace base
