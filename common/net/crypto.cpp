// SPDX-License-Identifier: Apache-2.0
#include "net/crypto.hpp"

#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "base/error.hpp"
#include "base/text.hpp"
#include "net/openssl.hpp"

namespace net {
namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

/// RFC 4648, 5, without padding, as RFC 7515 requires. Absent for invalid characters.
std::optional<std::string> decoded_base64url(std::string_view text) {
  return text.find_first_of("+/=") == std::string_view::npos ? from_base64(text) : std::nullopt;
}

std::optional<base::Json> object_in(std::string_view part) {
  const auto text = decoded_base64url(part);
  auto json = text ? base::parse_json(*text) : std::nullopt;
  if (!json || !json->is_object()) return std::nullopt;
  return json;
}

void require_success(bool done) {
  if (!done) throw base::Error(base::Kind::internal, "OpenSSL cannot compute a digest");
}

}  // namespace

std::string sha256(std::string_view bytes) {
  Sha256 sum;
  sum.add(bytes);
  return sum.bytes();
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  std::string code(32, '\0');
  std::size_t size = 0;
  const auto* done = openssl().q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, key.data(), key.size(),
                                     bytes_of(bytes), bytes.size(), bytes_of(code), code.size(), &size);
  if (done == nullptr || size != code.size()) throw base::Error(base::Kind::internal, "OpenSSL has no HMAC");
  return code;
}

std::string base64(std::string_view bytes) {
  // EVP_EncodeBlock appends a zero byte.
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  openssl().encode_block(bytes_of(text), bytes_of(bytes), static_cast<int>(bytes.size()));
  text.pop_back();
  return text;
}

std::string base64url(std::string_view bytes) {
  std::string text = base64(bytes);
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  text.erase(std::min(text.find('='), text.size()));
  return text;
}

base::Secret basic_authorization(std::string_view user, std::string_view password) {
  const auto login = base::Secret::join({user, ":", password});
  return base::Secret::join({"Basic ", base::Secret{base64(login.reveal())}.reveal()});
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string standard{text.substr(0, text.find('='))};
  const auto padding = text.substr(standard.size());
  std::ranges::replace(standard, '-', '+');
  std::ranges::replace(standard, '_', '/');
  const bool is_alphabet =
      std::ranges::all_of(standard, [](char c) { return base::is_alphanumeric(c) || c == '+' || c == '/'; });
  const std::size_t missing = (4 - standard.size() % 4) % 4;
  if (!is_alphabet || missing == 3 || (!padding.empty() && padding != std::string(missing, '=')))
    return std::nullopt;
  standard.append(missing, '=');
  std::string bytes(standard.size() / 4 * 3, '\0');
  const int size =
      openssl().decode_block(bytes_of(bytes), bytes_of(standard), static_cast<int>(standard.size()));
  if (size < 0) return std::nullopt;
  // EVP_DecodeBlock counts the padding as bytes.
  bytes.resize(static_cast<std::size_t>(size) - missing);
  return bytes;
}

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  std::size_t filled = 0;
  while (filled < count) {
    const ssize_t got = getrandom(bytes.data() + filled, count - filled, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw base::Error(base::Kind::internal, "the kernel returned no random numbers");
    filled += static_cast<std::size_t>(got);
  }
  return bytes;
}

std::string random_uuid() {
  std::string bytes = random_bytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  std::string text = base::to_hex(bytes);
  for (const std::size_t position : {20U, 16U, 12U, 8U}) text.insert(position, 1, '-');
  return text;
}

bool equal_in_constant_time(std::string_view left, std::string_view right) {
  return left.size() == right.size() && openssl().memcmp(left.data(), right.data(), left.size()) == 0;
}

double random_fraction() {
  std::uint32_t number = 0;
  std::memcpy(&number, random_bytes(sizeof number).data(), sizeof number);
  return number / 4294967296.0;
}

std::optional<base::Json> jwt_claims(std::string_view jwt) {
  const auto parts = base::split(jwt, '.');
  if (parts.size() != 3 || parts[2].empty() || !object_in(parts[0]) || !decoded_base64url(parts[2])) {
    return std::nullopt;
  }
  return object_in(parts[1]);
}

std::optional<base::TimePoint> jwt_expiry(std::string_view jwt) {
  const auto claims = jwt_claims(jwt);
  const auto seconds = claims ? base::whole_number_at(*claims, "exp") : std::nullopt;
  if (!seconds) return std::nullopt;
  return base::TimePoint{std::chrono::seconds{*seconds}};
}

Sha256::Sha256()
    : context_(openssl().md_ctx_new(),
               [](void* context) { openssl().md_ctx_free(static_cast<EVP_MD_CTX*>(context)); }) {
  require_success(context_ != nullptr && openssl().digest_init_ex(static_cast<EVP_MD_CTX*>(context_.get()),
                                                                  openssl().sha256(), nullptr) == 1);
}

void Sha256::add(std::string_view bytes) {
  require_success(
      openssl().digest_update(static_cast<EVP_MD_CTX*>(context_.get()), bytes.data(), bytes.size()) == 1);
}

std::string Sha256::bytes() {
  std::string digest(32, '\0');
  unsigned size = 0;
  require_success(
      openssl().digest_final_ex(static_cast<EVP_MD_CTX*>(context_.get()), bytes_of(digest), &size) == 1 &&
      size == digest.size());
  return digest;
}

std::string Sha256::digest() { return "sha256:" + base::to_hex(bytes()); }

}  // namespace net
