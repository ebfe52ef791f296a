// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

namespace output {

/// One record of RFC 4180, quoted where it must be, ended by a line feed alone; without escape sequences.
void print_csv(std::ostream& out, const std::vector<std::string>& fields);

}  // namespace output
