// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/child_process.hpp"
#include "base/environment.hpp"

/// What checks learn about a program by running it, or by reading its file.
namespace plugin::doctor {

inline constexpr const char* helper_name = "docker-credential-snowflake";

/// The file of this program; empty when it is not known.
std::filesystem::path own_program();

/// Runs a program for at most five seconds. As in a shell, the status is 127 when there is no such program,
/// and 126 when it cannot be started.
base::ProgramResult run_program(const std::vector<std::string>& words, const base::Environment&);

/// The first line that is not empty, of standard error or else of standard output.
std::string first_line(const base::ProgramResult&);

/// Why a program that does not answer cannot run here: "is built for aarch64, this machine is x86-64". Empty
/// when its file gives no reason.
std::string wrong_processor(const std::filesystem::path& program);

/// The version in the helper's answer "docker-credential-snowflake (address) 1.2.3"; empty for any other
/// answer.
std::string version_in(const std::string& answer);

}  // namespace plugin::doctor
