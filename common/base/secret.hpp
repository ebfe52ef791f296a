// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

namespace base {

/// Text that cannot be printed, concatenated or logged by accident, and whose memory is wiped when it is
/// freed. `reveal` is the only way to read it.
class Secret {
public:
  Secret() = default;
  explicit Secret(std::string_view text);
  Secret(const Secret& other) : Secret(other.reveal()) {}
  Secret(Secret&& other) noexcept;
  Secret& operator=(const Secret& other);
  Secret& operator=(Secret&& other) noexcept;
  ~Secret();

  /// The pieces one after the other, without a copy outside of a `Secret`.
  static Secret join(std::initializer_list<std::string_view> pieces);

  /// The text itself, valid until this object changes or is destroyed.
  std::string_view reveal() const noexcept { return {bytes_.get(), size_}; }
  bool empty() const noexcept { return size_ == 0; }

private:
  // Not a std::string: moving one leaves a copy in its small buffer.
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
};

}  // namespace base
