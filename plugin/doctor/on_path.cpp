// SPDX-License-Identifier: Apache-2.0
#include "doctor/on_path.hpp"

#include <unistd.h>

#include "base/text.hpp"

namespace plugin::doctor {
namespace {

std::optional<std::filesystem::path> find(const std::string& program, const base::Environment& environment,
                                          bool usable) {
  for (const auto& folder : base::split(environment.get("PATH").value_or("/usr/bin:/bin"), ':')) {
    const auto file = std::filesystem::path{folder.empty() ? "." : folder} / program;
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(file, ignored)) continue;
    if ((access(file.c_str(), X_OK) == 0) == usable) return file;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::filesystem::path> find_on_path(const std::string& program,
                                                  const base::Environment& environment) {
  return find(program, environment, true);
}

std::optional<std::filesystem::path> find_unusable_on_path(const std::string& program,
                                                           const base::Environment& environment) {
  return find(program, environment, false);
}

}  // namespace plugin::doctor
