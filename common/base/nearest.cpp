// SPDX-License-Identifier: Apache-2.0
#include "base/nearest.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace base {
namespace {

/// How many letters must be changed, added, removed, or swapped with their neighbor (optimal string
/// alignment).
std::size_t distance(std::string_view left, std::string_view right) {
  const std::size_t width = right.size() + 1;
  std::vector<std::size_t> table((left.size() + 1) * width);
  const auto at = [&](std::size_t i, std::size_t j) -> std::size_t& { return table[i * width + j]; };
  for (std::size_t i = 0; i <= left.size(); ++i) at(i, 0) = i;
  for (std::size_t j = 0; j <= right.size(); ++j) at(0, j) = j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t replaced = at(i - 1, j - 1) + (left[i - 1] == right[j - 1] ? 0 : 1);
      at(i, j) = std::min({replaced, at(i - 1, j) + 1, at(i, j - 1) + 1});
      const bool swapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
      if (swapped) at(i, j) = std::min(at(i, j), at(i - 2, j - 2) + 1);
    }
  }
  return at(left.size(), right.size());
}

}  // namespace

std::string nearest(const std::string& word, const std::vector<std::string>& candidates) {
  // A guess that shares too little with the word confuses more than it helps.
  std::string best;
  std::size_t least = std::max<std::size_t>(1, word.size() / 3) + 1;
  constexpr std::size_t max_word = 100;
  if (word.size() > max_word) return best;
  for (const auto& candidate : candidates) {
    const auto difference = distance(word, candidate);
    if (difference < least) {
      least = difference;
      best = candidate;
    }
  }
  return best;
}

}  // namespace base
