// SPDX-License-Identifier: Apache-2.0
#include "net/private_key.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <utility>

#include "base/error.hpp"
#include "net/openssl.hpp"

namespace net {
struct PrivateKey::Key {
  EVP_PKEY* key = nullptr;
  explicit Key(EVP_PKEY* k) : key(k) {}
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  ~Key() { openssl().pkey_free(key); }
  bool is_rsa() const { return openssl().pkey_get_base_id(key) == EVP_PKEY_RSA; }
  int bits() const { return openssl().pkey_get_bits(key); }
  /// P-256, P-384 or P-521 (FIPS 186-4): other curves have keys of the same sizes.
  bool is_on_nist_curve() const {
    std::array<char, 80> name{};
    std::size_t size = 0;
    if (openssl().pkey_get_group_name(key, name.data(), name.size(), &size) != 1) return false;
    const std::string_view curve{name.data(), size};
    return curve == "prime256v1" || curve == "secp384r1" || curve == "secp521r1" || curve.starts_with("P-");
  }
};

namespace {

using base::Error;
using base::Kind;

/// OpenSSL's passphrase callback: returns the given passphrase, and never prompts on the terminal.
struct Passphrase {
  const base::Secret& text;
  bool asked = false;

  static int give(char* buffer, int size, int, void* context) {
    auto& self = *static_cast<Passphrase*>(context);
    self.asked = true;
    const auto text = self.text.reveal();
    if (text.empty() || std::cmp_greater(text.size(), size)) return -1;
    text.copy(buffer, text.size());
    return static_cast<int>(text.size());
  }
};

/// Converts a signature in DER to the concatenation of r and s, each padded to the size of the curve (RFC
/// 7518, 3.4).
std::string joined_signature(std::string_view der, int curve_bits) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  const std::unique_ptr<ECDSA_SIG, decltype(&::ECDSA_SIG_free)> signature{
      openssl().d2i_ecdsa_sig(nullptr, &bytes, static_cast<long>(der.size())), openssl().ecdsa_sig_free};
  if (!signature) throw Error(Kind::internal, "OpenSSL cannot parse its own signature");
  const BIGNUM* r = nullptr;
  const BIGNUM* s = nullptr;
  openssl().ecdsa_sig_get0(signature.get(), &r, &s);
  const int size = (curve_bits + 7) / 8;
  std::string joined(static_cast<std::size_t>(size) * 2, '\0');
  auto* out = reinterpret_cast<unsigned char*>(joined.data());
  openssl().bn_bn2binpad(r, out, size);
  openssl().bn_bn2binpad(s, out + size, size);
  return joined;
}

}  // namespace

PrivateKey::PrivateKey(std::unique_ptr<Key> key) : key_(std::move(key)) {}
PrivateKey::PrivateKey(PrivateKey&&) noexcept = default;
PrivateKey& PrivateKey::operator=(PrivateKey&&) noexcept = default;
PrivateKey::~PrivateKey() = default;

PrivateKey PrivateKey::parse(const base::Secret& text, const base::Secret& passphrase) {
  const base::Secret pem{pem_of_private_key(text.reveal())};
  const std::unique_ptr<BIO, decltype(&::BIO_free)> memory{
      openssl().bio_new_mem_buf(pem.reveal().data(), static_cast<int>(pem.reveal().size())),
      openssl().bio_free};
  Passphrase given{passphrase};
  auto key = std::make_unique<Key>(
      memory ? openssl().pem_read_bio_private_key(memory.get(), nullptr, &Passphrase::give, &given)
             : nullptr);
  openssl().err_clear_error();
  if (key->key == nullptr && given.asked && passphrase.empty()) {
    throw Error(Kind::config, "the private key is encrypted, but no passphrase is set",
                "set PRIVATE_KEY_PASSPHRASE, or private_key_file_pwd in the connection");
  }
  if (key->key == nullptr && given.asked) {
    throw Error(Kind::config, "the passphrase of the private key is wrong",
                "correct PRIVATE_KEY_PASSPHRASE, or private_key_file_pwd in the connection");
  }
  if (key->key == nullptr) {
    throw Error(Kind::config, "the private key is damaged: OpenSSL cannot read it",
                "copy it again, or check it with: openssl pkey -noout -in key.p8");
  }
  PrivateKey result{std::move(key)};
  result.algorithm();
  return result;
}

bool PrivateKey::is_encrypted(const base::Secret& text) {
  try {
    const base::Secret pem{pem_of_private_key(text.reveal())};
    return pem.reveal().starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----") ||
           pem.reveal().find("Proc-Type: 4,ENCRYPTED") != std::string_view::npos;
  } catch (const Error&) {
    return false;
  }
}

std::string PrivateKey::algorithm() const {
  constexpr int min_rsa_bits = 2048;
  if (key_->is_rsa() && key_->bits() < min_rsa_bits) {
    throw Error(
        Kind::config,
        "the private key has " + std::to_string(key_->bits()) + " bits, and Snowflake accepts 2048 or more",
        create_key);
  }
  if (key_->is_rsa()) return "RS256";
  if (openssl().pkey_get_base_id(key_->key) == EVP_PKEY_EC && key_->is_on_nist_curve()) {
    switch (key_->bits()) {
      case 256:
        return "ES256";
      case 384:
        return "ES384";
      case 521:
        return "ES512";
      default:
        break;
    }
  }
  throw Error(Kind::config, "the private key has an algorithm that Snowflake does not accept", create_key);
}

std::string PrivateKey::public_key() const {
  unsigned char* der = nullptr;
  const int size = openssl().i2d_pubkey(key_->key, &der);
  if (size <= 0) throw Error(Kind::internal, "OpenSSL cannot write the public key");
  std::string result{reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)};
  openssl().crypto_free(der, __FILE__, __LINE__);
  return result;
}

std::string PrivateKey::sign(std::string_view bytes) const {
  const std::string name = algorithm();
  const char* digest = name.ends_with("256") ? "SHA256" : name.ends_with("384") ? "SHA384" : "SHA512";
  const std::unique_ptr<EVP_MD_CTX, decltype(&::EVP_MD_CTX_free)> context{openssl().md_ctx_new(),
                                                                          openssl().md_ctx_free};
  const auto* input = reinterpret_cast<const unsigned char*>(bytes.data());
  std::size_t size = 0;
  if (!context ||
      openssl().digest_sign_init_ex(context.get(), nullptr, digest, nullptr, nullptr, key_->key, nullptr) !=
          1 ||
      openssl().digest_sign(context.get(), nullptr, &size, input, bytes.size()) != 1) {
    throw Error(Kind::internal, "OpenSSL cannot sign with the private key");
  }
  std::string signature(size, '\0');
  if (openssl().digest_sign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, input,
                            bytes.size()) != 1) {
    throw Error(Kind::internal, "OpenSSL cannot sign with the private key");
  }
  signature.resize(size);
  return key_->is_rsa() ? signature : joined_signature(signature, key_->bits());
}

base::Secret generate_private_key() {
  const auto& ssl = openssl();
  const std::unique_ptr<EVP_PKEY, decltype(ssl.pkey_free)> key{
      ssl.pkey_q_keygen(nullptr, nullptr, "RSA", std::size_t{2048}), ssl.pkey_free};
  const std::unique_ptr<BIO, decltype(ssl.bio_free)> memory{ssl.bio_new(ssl.bio_s_mem()), ssl.bio_free};
  std::array<char, 8192> pem{};
  int size = 0;
  if (key && memory &&
      ssl.pem_write_bio_private_key(memory.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1)
    size = ssl.bio_read(memory.get(), pem.data(), static_cast<int>(pem.size()));
  if (size <= 0) throw base::Error(base::Kind::internal, "OpenSSL cannot generate a key");
  base::Secret result{std::string_view{pem.data(), static_cast<std::size_t>(size)}};
  explicit_bzero(pem.data(), pem.size());
  return result;
}

}  // namespace net
