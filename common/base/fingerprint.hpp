// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace base {

/// A non-cryptographic hash (64-bit FNV-1a) for detecting changes and for file names.
class Fingerprint {
public:
  /// Adds one text and its length, so that ("ab", "c") differs from ("a", "bc").
  Fingerprint& add(std::string_view text);
  Fingerprint& add(std::uint64_t number);
  /// Sixteen hexadecimal digits.
  std::string hex() const;

private:
  std::uint64_t state_ = 14695981039346656037U;
};

}  // namespace base
