// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace net {

/// Whether these bytes begin as gzip does (RFC 1952, 2.3.1).
bool is_gzip(std::string_view bytes);

/// Appends what gzip'd bytes hold to `out`, all members of it. Throws `network` when they are damaged, and
/// before `out` grows beyond `longest` bytes.
void gunzip(std::string_view bytes, std::string& out, std::size_t longest);

}  // namespace net
