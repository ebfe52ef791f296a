// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace base {

/// Sixteen hexadecimal digits that differ, in practice, when the texts that were added differ: for noticing
/// changes and for file names, not for keeping anybody out (FNV-1a, 64 bits, no key).
class Fingerprint {
public:
  /// Adds one text. Its length counts, so ("ab", "c") is not ("a", "bc").
  Fingerprint& add(std::string_view text);
  Fingerprint& add(std::uint64_t number);
  std::string hex() const;

private:
  std::uint64_t state_ = 14695981039346656037U;
};

}  // namespace base
