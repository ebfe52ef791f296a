// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace base {

/// Text that cannot be printed, concatenated or logged by accident, and whose memory is wiped when it goes.
/// `reveal` is the only way out: its uses are to be counted.
class Secret {
public:
  Secret() = default;
  explicit Secret(std::string_view text);
  Secret(const Secret& other) : Secret(other.reveal()) {}
  Secret(Secret&& other) noexcept;
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  /// The text itself, valid as long as this object lives unchanged.
  std::string_view reveal() const noexcept { return {bytes_.get(), size_}; }
  bool empty() const noexcept { return size_ == 0; }

private:
  // Not a std::string: its small buffer would leave copies behind on every move.
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
};

/// From now on `printable` masks this secret: a server may quote what it was sent. Texts of fewer than four
/// bytes are not masked, since they occur everywhere, and of fewer than eight only as a word of their own.
void mask_from_now_on(const Secret&);
/// `text` with "***" for every secret that `mask_from_now_on` was given.
std::string with_secrets_masked(std::string_view text);

}  // namespace base
