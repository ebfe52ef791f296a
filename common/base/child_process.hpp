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

struct ProgramResult {
  int status = 0;  ///< exit status; 128 and more for a signal
  std::string out;
  std::string err;
  bool timed_out = false;
};

/// The program of that name on the PATH. Relative directories are skipped, as Go does: a checkout must not
/// choose what is run in it.
std::optional<std::filesystem::path> find_program(const std::string& name, const Environment&);

/// Runs a program, given by its path or found by `find_program`, until it exits, with `input` on its standard
/// input: that is where secrets go, never on a command line or into its environment. Absent when there is no
/// such program. A program is killed after `timeout`, and when it prints more than 8 MiB. A process that it
/// leaves behind is not waited for. Throws `config` when it cannot be started, and `Interrupted`.
[[nodiscard]] std::optional<ProgramResult> run_program(
    const std::vector<std::string>& words, const Secret& input, const Environment&,
    std::optional<std::chrono::milliseconds> timeout = std::nullopt);

/// Runs a program in the same way, on the standard input of this program and with the files `out` and `err`
/// as its standard output and error. Returns its exit status, 128 and more for a signal; absent when there is
/// no such program. Throws `config` when it cannot be started, and `Interrupted`, after it was told to end.
[[nodiscard]] std::optional<int> run_program_on(const std::vector<std::string>& words, const Environment&,
                                                int out, int err);

/// Starts a program in the same way, and does not wait for it. It runs in its own session, so that Ctrl-C
/// here does not end it, and does not inherit our streams. True when it was started.
[[nodiscard]] bool start_program(const std::vector<std::string>& words, const Environment&);

}  // namespace base
