// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/environment.hpp"
#include "base/secret.hpp"

namespace plugin {

struct ProgramResult {
  int status = 0;  ///< exit status; 128 and more for a signal
  std::string out;
  std::string err;
};

/// Runs a program of the PATH to its end, with `input` on its standard input: the place for secrets, which
/// never go on a command line, nor into its environment. Absent when there is no such program. One that says
/// nothing for as long as `timeout` is killed. Throws `internal` when no process can be made.
std::optional<ProgramResult> run_program(const std::vector<std::string>& words, const base::Secret& input,
                                         const base::Environment& environment,
                                         std::optional<std::chrono::milliseconds> timeout = std::nullopt);

}  // namespace plugin
