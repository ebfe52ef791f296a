// SPDX-License-Identifier: Apache-2.0
#include "base/secret.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace base {

Secret::Secret(std::string_view text)
    : bytes_(text.empty() ? nullptr : new char[text.size()]), size_(text.size()) {
  std::copy(text.begin(), text.end(), bytes_.get());
}

Secret::Secret(Secret&& other) noexcept
    : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(const Secret& other) { return *this = Secret(other); }

Secret& Secret::operator=(Secret&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  std::swap(size_, other.size_);
  return *this;
}

Secret Secret::join(std::initializer_list<std::string_view> pieces) {
  Secret result;
  for (const auto piece : pieces) result.size_ += piece.size();
  if (result.size_ == 0) return result;
  result.bytes_.reset(new char[result.size_]);
  auto* end = result.bytes_.get();
  for (const auto piece : pieces) end = std::copy(piece.begin(), piece.end(), end);
  return result;
}

Secret::~Secret() {
  if (bytes_) explicit_bzero(bytes_.get(), size_);
}

}  // namespace base
