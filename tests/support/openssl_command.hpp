// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

#include "support/fakes.hpp"

namespace fakes {

/// The output of openssl(1), run in `directory`.
inline std::string openssl(const TemporaryDirectory& directory, const std::string& arguments) {
  const std::string command =
      "cd '" + directory.path().string() + "' && openssl " + arguments + " 2>/dev/null";
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("openssl cannot be run");
  std::string out;
  std::array<char, 4096> buffer{};
  for (std::size_t size = 0; (size = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    out.append(buffer.data(), size);
  }
  if (pclose(pipe) != 0) throw std::runtime_error("failed: openssl " + arguments);
  return out;
}

}  // namespace fakes
