// SPDX-License-Identifier: Apache-2.0
#include "base/secret.hpp"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace base {
namespace {

constexpr std::size_t min_masked = 4;
/// A shorter secret may be part of an ordinary word, and is masked as a whole word only.
constexpr std::size_t min_masked_in_words = 8;

bool is_whole_word(std::string_view text, std::size_t begin, std::size_t size) {
  const auto is_word = [&](std::size_t at) {
    return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at])) != 0;
  };
  return !(begin > 0 && is_word(begin - 1)) && !is_word(begin + size);
}

struct Masked {
  std::mutex mutex;
  std::vector<Secret> secrets;
};

Masked& masked() {
  static Masked all;
  return all;
}

}  // namespace

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

void mask_from_now_on(const Secret& secret) {
  if (secret.reveal().size() < min_masked) return;
  const std::lock_guard lock{masked().mutex};
  auto& secrets = masked().secrets;
  if (std::ranges::find(secrets, secret.reveal(), &Secret::reveal) != secrets.end()) return;
  secrets.push_back(secret);
  // Longest first, so that a secret that contains another one is masked as a whole.
  std::ranges::stable_sort(secrets, std::ranges::greater{},
                           [](const Secret& s) { return s.reveal().size(); });
}

std::string with_secrets_masked(std::string_view text) {
  std::string result{text};
  const std::lock_guard lock{masked().mutex};
  for (const auto& secret : masked().secrets) {
    const auto hidden = secret.reveal();
    for (auto found = result.find(hidden); found != std::string::npos;) {
      const bool is_masked =
          hidden.size() >= min_masked_in_words || is_whole_word(result, found, hidden.size());
      if (is_masked) result.replace(found, hidden.size(), "***");
      found = result.find(hidden, found + (is_masked ? 3 : 1));
    }
  }
  return result;
}

}  // namespace base
