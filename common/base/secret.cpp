// SPDX-License-Identifier: Apache-2.0
#include "base/secret.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace base {
namespace {

constexpr std::size_t min_masked = 4;

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

Secret::~Secret() {
  if (bytes_) explicit_bzero(bytes_.get(), size_);
}

void mask_from_now_on(const Secret& secret) {
  if (secret.reveal().size() < min_masked) return;
  const std::lock_guard lock{masked().mutex};
  auto& secrets = masked().secrets;
  if (std::ranges::find(secrets, secret.reveal(), &Secret::reveal) != secrets.end()) return;
  secrets.push_back(secret);
  // What holds another one is masked first, as a whole.
  std::ranges::stable_sort(secrets, std::ranges::greater{},
                           [](const Secret& s) { return s.reveal().size(); });
}

std::string with_secrets_masked(std::string_view text) {
  std::string result{text};
  const std::lock_guard lock{masked().mutex};
  for (const auto& secret : masked().secrets) {
    const auto hidden = secret.reveal();
    for (auto found = result.find(hidden); found != std::string::npos; found = result.find(hidden, found + 3))
      result.replace(found, hidden.size(), "***");
  }
  return result;
}

}  // namespace base
