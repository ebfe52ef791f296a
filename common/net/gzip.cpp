// SPDX-License-Identifier: Apache-2.0
#include "net/gzip.hpp"

#include <zlib.h>

#include <array>

#include "base/error.hpp"
#include "base/shared_library.hpp"

namespace net {
namespace {

using base::Error;
using base::Kind;

constexpr int gzip_only = 16 + MAX_WBITS;

/// The functions of zlib in use; libcurl brings the library along.
struct Zlib {
  base::SharedLibrary library{"libz.so.1", "zlib1g"};
  decltype(&::inflateInit2_) init = library["inflateInit2_"];
  decltype(&::inflate) step = library["inflate"];
  decltype(&::inflateReset) reset = library["inflateReset"];
  decltype(&::inflateEnd) end = library["inflateEnd"];
};

const Zlib& zlib() {
  static const Zlib library;
  return library;
}

class Inflater {
public:
  explicit Inflater(std::string_view bytes) {
    // The library reads through this pointer only.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    if (zlib().init(&stream_, gzip_only, ZLIB_VERSION, static_cast<int>(sizeof stream_)) != Z_OK) {
      throw Error(Kind::internal, "zlib cannot be initialized");
    }
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { zlib().end(&stream_); }

  /// Appends some more; false when nothing is left.
  bool append_to(std::string& out) {
    std::array<char, 65536> buffer;
    stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream_.avail_out = buffer.size();
    const int result = zlib().step(&stream_, Z_NO_FLUSH);
    out.append(buffer.data(), buffer.size() - stream_.avail_out);
    if (result == Z_STREAM_END) {
      if (stream_.avail_in == 0) return false;
      zlib().reset(&stream_);
      return true;
    }
    if (result != Z_OK)
      throw Error(Kind::network, "a part of the result is damaged", "run the command again");
    return true;
  }

private:
  z_stream stream_{};
};

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

void gunzip(std::string_view bytes, std::string& out, std::size_t longest) {
  Inflater inflater{bytes};
  while (inflater.append_to(out)) {
    if (out.size() > longest) {
      throw Error(Kind::network, "a part of the result is longer than any that Snowflake sends",
                  "check the host in the connection");
    }
  }
}

}  // namespace net
