// SPDX-License-Identifier: Apache-2.0
#include "net/gzip.hpp"

#include <isa-l/igzip_lib.h>
#include <zlib.h>

#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/shared_library.hpp"

namespace net {
namespace {

using base::Error;
using base::Kind;

constexpr int gzip_only = 16 + MAX_WBITS;

/// The functions of zlib that this project uses; libcurl depends on zlib anyway.
struct Zlib {
  base::SharedLibrary library{"libz.so.1", "zlib1g"};
  decltype(&::inflateInit2_) init = library["inflateInit2_"];
  decltype(&::inflate) step = library["inflate"];
  decltype(&::inflateReset) reset = library["inflateReset"];
  decltype(&::inflateEnd) end = library["inflateEnd"];
  decltype(&::deflateInit2_) deflate_init = library["deflateInit2_"];
  decltype(&::deflate) deflate_step = library["deflate"];
  decltype(&::deflateEnd) deflate_end = library["deflateEnd"];
};

const Zlib& zlib() {
  static const Zlib library;
  return library;
}

class Inflater {
public:
  explicit Inflater(std::string_view bytes) {
    // zlib does not write through this pointer.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    if (zlib().init(&stream_, gzip_only, ZLIB_VERSION, static_cast<int>(sizeof stream_)) != Z_OK) {
      throw Error(Kind::internal, "zlib cannot be initialized");
    }
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { zlib().end(&stream_); }

  /// Appends the next part of the output; false when nothing is left.
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
    if (result != Z_OK) throw Error(Kind::network, "part of the result is damaged", "run the command again");
    return true;
  }

private:
  z_stream stream_{};
};

/// Higher levels save about 4 % of the size and take several times as long.
constexpr int compression_level = 1;
constexpr std::size_t buffer_size = 256U << 10;

class ZlibCompressor final : public Compressor {
public:
  explicit ZlibCompressor(std::function<void(std::string_view)> out) : out_(std::move(out)) {
    constexpr int default_memory = 8;
    if (zlib().deflate_init(&stream_, compression_level, Z_DEFLATED, gzip_only, default_memory,
                            Z_DEFAULT_STRATEGY, ZLIB_VERSION, static_cast<int>(sizeof stream_)) != Z_OK) {
      throw Error(Kind::internal, "zlib cannot be initialized");
    }
  }
  ZlibCompressor(const ZlibCompressor&) = delete;
  ZlibCompressor& operator=(const ZlibCompressor&) = delete;
  ~ZlibCompressor() override { zlib().deflate_end(&stream_); }

  void add(std::string_view bytes) override {
    // zlib does not write through this pointer.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    while (stream_.avail_in > 0) step(Z_NO_FLUSH);
  }
  void end() override {
    while (step(Z_FINISH) != Z_STREAM_END) {
    }
  }

private:
  int step(int flush) {
    stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
    stream_.avail_out = static_cast<uInt>(buffer_.size());
    const int result = zlib().deflate_step(&stream_, flush);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
      throw Error(Kind::internal, "zlib cannot compress");
    const auto size = buffer_.size() - stream_.avail_out;
    if (size > 0) out_({buffer_.data(), size});
    return result;
  }

  std::function<void(std::string_view)> out_;
  std::vector<char> buffer_ = std::vector<char>(buffer_size);
  z_stream stream_{};
};

/// The functions of ISA-L that this project uses.
struct IsaL {
  base::SharedLibrary library{"libisal.so.2", "libisal2"};
  decltype(&::isal_deflate_init) init = library["isal_deflate_init"];
  decltype(&::isal_deflate) step = library["isal_deflate"];
};

/// Null when it is not installed.
const IsaL* isa_l() {
  static const auto library = []() -> std::optional<IsaL> {
    try {
      return IsaL{};
    } catch (const Error&) {
      return std::nullopt;
    }
  }();
  return library ? &*library : nullptr;
}

class IsaLCompressor final : public Compressor {
public:
  IsaLCompressor(const IsaL& library, std::function<void(std::string_view)> out)
      : library_(library), out_(std::move(out)), stream_(std::make_unique<isal_zstream>()) {
    library_.init(stream_.get());
    stream_->level = compression_level;
    stream_->level_buf = level_buffer_.data();
    stream_->level_buf_size = static_cast<std::uint32_t>(level_buffer_.size());
    stream_->gzip_flag = IGZIP_GZIP;
    pending_.reserve(buffer_size);
  }

  /// Collects the input in blocks of one size, because the compressed bytes depend on the block sizes.
  void add(std::string_view bytes) override {
    while (!bytes.empty()) {
      const auto taken = bytes.substr(0, buffer_size - pending_.size());
      pending_.append(taken);
      bytes.remove_prefix(taken.size());
      if (pending_.size() == buffer_size) compress(false);
    }
  }
  void end() override { compress(true); }

private:
  void compress(bool last) {
    stream_->next_in = reinterpret_cast<std::uint8_t*>(pending_.data());
    stream_->avail_in = static_cast<std::uint32_t>(pending_.size());
    stream_->end_of_stream = last ? 1 : 0;
    do {
      stream_->next_out = reinterpret_cast<std::uint8_t*>(buffer_.data());
      stream_->avail_out = static_cast<std::uint32_t>(buffer_.size());
      if (library_.step(stream_.get()) != COMP_OK) throw Error(Kind::internal, "ISA-L cannot compress");
      const auto size = buffer_.size() - stream_->avail_out;
      if (size > 0) out_({buffer_.data(), size});
    } while (stream_->avail_out == 0 || (last && stream_->internal_state.state != ZSTATE_END));
    pending_.clear();
  }

  const IsaL& library_;
  std::function<void(std::string_view)> out_;
  std::unique_ptr<isal_zstream> stream_;
  std::vector<std::uint8_t> level_buffer_ = std::vector<std::uint8_t>(ISAL_DEF_LVL1_DEFAULT);
  std::vector<char> buffer_ = std::vector<char>(buffer_size);
  std::string pending_;
};

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

void gunzip(std::string_view bytes, std::string& out, std::size_t max_bytes) {
  Inflater inflater{bytes};
  while (inflater.append_to(out)) {
    if (out.size() > max_bytes) {
      throw Error(Kind::network, "part of the result is larger than Snowflake ever sends",
                  {"check host in the connection", base::Needs::connection});
    }
  }
}

std::unique_ptr<Compressor> Compressor::make(std::function<void(std::string_view)> out) {
  if (const auto* library = isa_l()) return std::make_unique<IsaLCompressor>(*library, std::move(out));
  return std::make_unique<ZlibCompressor>(std::move(out));
}

}  // namespace net
