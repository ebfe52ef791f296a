// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace base {

/// The candidate that a user most likely meant by `word`; empty when none is like it.
std::string nearest(const std::string& word, const std::vector<std::string>& candidates);

}  // namespace base
