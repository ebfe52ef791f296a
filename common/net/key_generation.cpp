// SPDX-License-Identifier: Apache-2.0
#include "net/key_generation.hpp"

#include <array>
#include <cstring>
#include <memory>

#include "base/error.hpp"
#include "net/openssl.hpp"

namespace net {
namespace {

/// What makes a key, which most processes never do.
struct KeyGeneration {
  base::SharedLibrary library{"libcrypto.so.3", "libssl3"};
  decltype(&::EVP_PKEY_Q_keygen) pkey_q_keygen = library["EVP_PKEY_Q_keygen"];
  decltype(&::EVP_PKEY_free) pkey_free = library["EVP_PKEY_free"];
  decltype(&::PEM_write_bio_PrivateKey) pem_write_bio_private_key = library["PEM_write_bio_PrivateKey"];
  decltype(&::BIO_new) bio_new = library["BIO_new"];
  decltype(&::BIO_s_mem) bio_s_mem = library["BIO_s_mem"];
  decltype(&::BIO_read) bio_read = library["BIO_read"];
  decltype(&::BIO_free) bio_free = library["BIO_free"];
};

}  // namespace

base::Secret generate_private_key() {
  const KeyGeneration ssl;
  const std::unique_ptr<EVP_PKEY, decltype(ssl.pkey_free)> key{
      ssl.pkey_q_keygen(nullptr, nullptr, "RSA", std::size_t{2048}), ssl.pkey_free};
  const std::unique_ptr<BIO, decltype(ssl.bio_free)> memory{ssl.bio_new(ssl.bio_s_mem()), ssl.bio_free};
  std::array<char, 8192> pem{};
  int size = 0;
  if (key && memory &&
      ssl.pem_write_bio_private_key(memory.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1)
    size = ssl.bio_read(memory.get(), pem.data(), static_cast<int>(pem.size()));
  if (size <= 0) throw base::Error(base::Kind::internal, "OpenSSL could not make a key");
  base::Secret result{std::string_view{pem.data(), static_cast<std::size_t>(size)}};
  explicit_bzero(pem.data(), pem.size());
  return result;
}

}  // namespace net
