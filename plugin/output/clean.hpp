// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

/// Text of others, made fit for a terminal.
namespace output {

/// Without escape sequences (ECMA-48: CSI and the two-character ones), as the Snowflake CLI prints CSV.
std::string without_escapes(std::string_view text);

/// Without anything a terminal could obey: escape sequences and control characters are gone, C1 and DEL among
/// them; a tab becomes spaces up to the next eighth character. Line ends stay.
std::string clean(std::string_view text);

}  // namespace output
