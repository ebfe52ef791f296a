// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string_view>

namespace net {

/// Compresses a stream into one gzip member without a name or a time (RFC 1952): the same bytes for the same
/// input, library and version.
class Compressor {
public:
  virtual ~Compressor() = default;
  virtual void add(std::string_view bytes) = 0;
  /// Everything that is still held back goes out; nothing can be added after it.
  virtual void end() = 0;

  /// ISA-L when it is installed, which is many times faster, else zlib. `out` gets the compressed bytes.
  static std::unique_ptr<Compressor> make(std::function<void(std::string_view)> out);
};

}  // namespace net
