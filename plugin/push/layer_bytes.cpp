// SPDX-License-Identifier: Apache-2.0
#include "push/layer_bytes.hpp"

#include <vector>

#include "base/error.hpp"
#include "base/interruption.hpp"
#include "net/compressor.hpp"
#include "net/crypto.hpp"

namespace plugin::push {
namespace {

using base::Error;
using base::Kind;

constexpr std::size_t read_size = 1U << 20;

void for_each_piece(const Slice& bytes, const std::atomic<bool>& stop,
                    const std::function<void(std::string_view)>& function) {
  std::vector<char> buffer(read_size);
  for (std::uint64_t offset = 0; offset < bytes.size();) {
    if (stop) throw base::Interrupted{};
    const auto count = bytes.read(offset, buffer.data(), buffer.size());
    function({buffer.data(), count});
    offset += count;
  }
}

Error damaged_part(const std::string& what) {
  return {Kind::config, what + " of the image is damaged", "create the image, or the archive, again"};
}

}  // namespace

Slice compress(Blob& blob, const base::Environment& environment, const std::atomic<bool>& stop,
               const std::function<void(std::uint64_t)>& on_progress) {
  Spool spool{environment, blob.bytes.size()};
  net::Sha256 before;
  net::Sha256 after;
  const auto compressor = net::Compressor::make([&](std::string_view piece) {
    after.add(piece);
    spool.write(piece);
  });
  std::uint64_t done = 0;
  for_each_piece(blob.bytes, stop, [&](std::string_view piece) {
    before.add(piece);
    compressor->add(piece);
    done += piece.size();
    if (on_progress) on_progress(done);
  });
  compressor->end();
  if (before.digest() != blob.diff_id) throw damaged_part("the layer " + blob.diff_id);
  const auto compressed = spool.slice();
  blob.descriptor.digest = after.digest();
  blob.descriptor.size = compressed.size();
  return compressed;
}

void verify(Blob& blob, const std::atomic<bool>& stop) {
  net::Sha256 sum;
  for_each_piece(blob.bytes, stop, [&](std::string_view piece) { sum.add(piece); });
  const auto digest = sum.digest();
  if (!blob.descriptor.digest.empty() && blob.descriptor.digest != digest)
    throw damaged_part("the blob " + blob.descriptor.digest);
  blob.descriptor.digest = digest;
}

}  // namespace plugin::push
