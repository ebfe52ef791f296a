// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/environment.hpp"
#include "base/secret.hpp"

namespace base {

/// How a program ended, and what it printed.
struct ProgramResult {
  int status = 0;  ///< exit status; 128 and more for a signal
  std::string out;
  std::string err;
  bool timed_out = false;
};

/// The program with this name on the PATH. Relative directories in PATH are skipped, as in Go, so that a
/// program in the current directory is never run.
std::optional<std::filesystem::path> find_program(const std::string& name, const Environment&);

/// Runs a command until it exits, with `input` on its standard input: secrets go there, never on the command
/// line or into the environment. The first word of `command` is a path, or a name for `find_program`. Absent
/// when there is no such program. The program is killed after `timeout`, or when it prints more than 8 MiB.
/// Does not wait for processes that it leaves behind. Throws `config` when it cannot be started, and
/// `Interrupted`.
[[nodiscard]] std::optional<ProgramResult> run_program(
    const std::vector<std::string>& command, const Secret& input, const Environment&,
    std::optional<std::chrono::milliseconds> timeout = std::nullopt);

/// Runs a command in the same way, but with this program's standard input, and with the files `out` and `err`
/// as its standard output and error. Returns its exit status, 128 and more for a signal; absent when there is
/// no such program. Throws `config` when it cannot be started, and `Interrupted` after it has been
/// terminated.
[[nodiscard]] std::optional<int> run_attached_program(const std::vector<std::string>& command,
                                                      const Environment&, int out, int err);

/// Starts a command in the same way, without waiting for it. It runs in its own session, so that Ctrl-C here
/// does not end it, and does not inherit this program's streams. True when it was started.
[[nodiscard]] bool start_program(const std::vector<std::string>& command, const Environment&);

}  // namespace base
