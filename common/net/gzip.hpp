// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace net {

/// Whether these bytes begin with the magic number of gzip (RFC 1952, 2.3.1).
bool is_gzip(std::string_view bytes);

/// Decompresses all gzip members and appends the result to `out`. Throws `network` when the data is damaged,
/// or `out` becomes longer than `max_bytes`.
void gunzip(std::string_view bytes, std::string& out, std::size_t max_bytes);

/// Compresses a stream into one gzip member (RFC 1952) without a file name or time, so that the same library
/// version always produces the same bytes for the same input.
class Compressor {
public:
  virtual ~Compressor() = default;
  /// Adds the next bytes of the stream.
  virtual void add(std::string_view bytes) = 0;
  /// Flushes the rest. Nothing can be added afterwards.
  virtual void end() = 0;

  /// Uses ISA-L, which is many times faster, if it is installed, else zlib. `out` receives the compressed
  /// bytes.
  static std::unique_ptr<Compressor> make(std::function<void(std::string_view)> out);
};

}  // namespace net
