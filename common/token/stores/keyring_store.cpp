// SPDX-License-Identifier: Apache-2.0
#include "token/stores/keyring_store.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "token/stores/keyctl.hpp"

namespace token {
namespace {

constexpr std::string_view prefix = "docker-credential-snowflake:";
constexpr std::chrono::seconds max_time = std::chrono::hours{24 * 30};

void append_field(std::string& description, std::string_view field) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : field) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= ' ' || c == ':' || c == '%' || byte == 0x7f) {
      description += '%';
      description += digits[byte >> 4U];
      description += digits[byte & 15U];
    } else {
      description += c;
    }
  }
}

std::string description_of(const StoreKey& key) {
  std::string description{prefix};
  append_field(description, key.kind);
  for (const auto* field : {&key.host, &key.user, &key.detail}) append_field(description += ':', *field);
  return description;
}

std::string unescaped(std::string_view field) {
  const auto digit = [](char c) { return c >= 'A' ? c - 'A' + 10 : c - '0'; };
  std::string text;
  for (std::size_t i = 0; i < field.size(); ++i) {
    if (field[i] == '%' && i + 2 < field.size()) {
      text += static_cast<char>(digit(field[i + 1]) * 16 + digit(field[i + 2]));
      i += 2;
    } else {
      text += field[i];
    }
  }
  return text;
}

}  // namespace

std::optional<base::Secret> KeyringStore::load(const StoreKey& key) {
  return keyctl::read(description_of(key));
}

void KeyringStore::save(const StoreKey& key, const base::Secret& secret, base::TimePoint expires_at) {
  const auto time = std::min(expires_at - clock_.now(), max_time);
  if (time <= std::chrono::seconds::zero()) {
    erase(key);
    return;
  }
  keyctl::put(description_of(key), secret, static_cast<std::uint32_t>(time.count()));
}

bool KeyringStore::erase(const StoreKey& key) { return keyctl::remove(description_of(key)); }

std::vector<StoreKey> KeyringStore::keys() {
  std::vector<StoreKey> keys;
  for (const auto& description : keyctl::list(std::string{prefix})) {
    const auto fields = base::split(std::string_view{description}.substr(prefix.size()), ':');
    if (fields.size() != 4) continue;
    keys.push_back({unescaped(fields[0]), unescaped(fields[1]), unescaped(fields[2]), unescaped(fields[3])});
  }
  return keys;
}

}  // namespace token
