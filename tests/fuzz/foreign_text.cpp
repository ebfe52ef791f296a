// SPDX-License-Identifier: Apache-2.0
// Text of servers and other programs on its way to a terminal: no secret, no control characters, linear time.
#include <cstdlib>

#include "base/masking.hpp"
#include "base/text.hpp"

namespace {

constexpr const char* secret = "Correct Horse 1!";

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  static const bool masks = [] {
    base::add_mask(base::Secret{secret});
    return true;
  }();
  const std::string text{data, size};
  require(masks && base::masked(text).find(secret) == std::string::npos);
  const auto shown = base::printable(text + secret + text, 4 * size + 100);
  require(shown.find(secret) == std::string::npos);
  require(!base::has_control_characters(shown));
  base::looks_like_secret(text);
  static_cast<void>(base::without_userinfo(text));
  return 0;
}
