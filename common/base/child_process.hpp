// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
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
};

/// Runs a program of the PATH to its end, with `input` on its standard input: secrets go there, never on a
/// command line and never into its environment. Absent when there is no such program. One that says nothing
/// for as long as `timeout`, or more than a few megabytes, is killed. Throws `config` when it cannot be
/// started, and `Interrupted`.
[[nodiscard]] std::optional<ProgramResult> run_program(
    const std::vector<std::string>& words, const Secret& input, const Environment&,
    std::optional<std::chrono::milliseconds> timeout = std::nullopt);

/// Starts a program of the PATH in a session of its own, so that Ctrl-C here does not end it, without our
/// streams, and does not wait for it. Whether it was started.
bool start_program(const std::vector<std::string>& words, const Environment&);

}  // namespace base
