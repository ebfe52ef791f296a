// SPDX-License-Identifier: Apache-2.0
#include "output/size_text.hpp"

#include <array>
#include <cstdio>

namespace plugin::output {

std::string human_size(std::uint64_t bytes) {
  constexpr std::array units{"B", "kB", "MB", "GB", "TB", "PB"};
  auto size = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (size >= 1000 && unit + 1 < units.size()) {
    size /= 1000;
    ++unit;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.4g%s", size, units[unit]);
  return text.data();
}

}  // namespace plugin::output
