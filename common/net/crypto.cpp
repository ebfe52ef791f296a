// SPDX-License-Identifier: Apache-2.0
#include "net/crypto.hpp"

#include <sys/random.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

#include "base/error.hpp"
#include "net/openssl.hpp"

namespace net {
namespace {

constexpr std::string_view standard_alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string encode(std::string_view bytes, std::string_view alphabet) {
  std::string result;
  unsigned bits = 0;
  unsigned waiting = 0;
  for (const char c : bytes) {
    bits = (bits << 8U) | static_cast<unsigned char>(c);
    for (waiting += 8; waiting >= 6; waiting -= 6) result += alphabet[(bits >> (waiting - 6)) & 63U];
  }
  if (waiting > 0) result += alphabet[(bits << (6 - waiting)) & 63U];
  return result;
}

}  // namespace

std::string sha256(std::string_view bytes) {
  std::string digest(32, '\0');
  std::size_t size = 0;
  const int done = openssl().q_digest(nullptr, "SHA256", nullptr, bytes.data(), bytes.size(),
                                      reinterpret_cast<unsigned char*>(digest.data()), &size);
  if (done != 1 || size != digest.size()) throw base::Error(base::Kind::internal, "OpenSSL has no SHA-256");
  return digest;
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  constexpr std::size_t block = 64;
  std::string padded{key.size() > block ? sha256(key) : key};
  padded.resize(block, '\0');
  const auto mixed_with = [&](unsigned char mask) {
    std::string result = padded;
    for (char& c : result) c = static_cast<char>(static_cast<unsigned char>(c) ^ mask);
    return result;
  };
  return sha256(mixed_with(0x5c) + sha256(mixed_with(0x36).append(bytes)));
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

std::string base64(std::string_view bytes) {
  std::string result = encode(bytes, standard_alphabet);
  result.append((4 - result.size() % 4) % 4, '=');
  return result;
}

std::string base64url(std::string_view bytes) { return encode(bytes, url_alphabet); }

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  std::size_t filled = 0;
  while (filled < count) {
    const ssize_t got = getrandom(bytes.data() + filled, count - filled, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw base::Error(base::Kind::internal, "the kernel gives no random numbers");
    filled += static_cast<std::size_t>(got);
  }
  return bytes;
}

std::string random_uuid() {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string bytes = random_bytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    const auto byte = static_cast<unsigned char>(bytes[i]);
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

bool equal_in_constant_time(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < left.size(); ++i)
    difference |= static_cast<unsigned char>(left[i]) ^ static_cast<unsigned char>(right[i]);
  return difference == 0;
}

double random_fraction() {
  std::uint32_t number = 0;
  std::memcpy(&number, random_bytes(sizeof number).data(), sizeof number);
  return number / 4294967296.0;
}

}  // namespace net
