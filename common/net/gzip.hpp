// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace net {

/// Whether these bytes begin with the magic number of gzip (RFC 1952, 2.3.1).
bool is_gzip(std::string_view bytes);

/// Decompresses all gzip members and appends the result to `out`. Throws `network` when the data is damaged,
/// or `out` becomes longer than `max_bytes`.
void gunzip(std::string_view bytes, std::string& out, std::size_t max_bytes);

}  // namespace net
