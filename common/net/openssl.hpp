// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "base/shared_library.hpp"

namespace net {

/// The functions of OpenSSL in use, opened with the first key or digest.
struct OpenSsl {
  base::SharedLibrary library{"libcrypto.so.3", "libssl3"};
  decltype(&::EVP_Q_digest) q_digest = library["EVP_Q_digest"];
  decltype(&::EVP_PKEY_free) pkey_free = library["EVP_PKEY_free"];
  decltype(&::EVP_PKEY_get_base_id) pkey_get_base_id = library["EVP_PKEY_get_base_id"];
  decltype(&::EVP_PKEY_get_bits) pkey_get_bits = library["EVP_PKEY_get_bits"];
  decltype(&::EVP_MD_CTX_new) md_ctx_new = library["EVP_MD_CTX_new"];
  decltype(&::EVP_MD_CTX_free) md_ctx_free = library["EVP_MD_CTX_free"];
  decltype(&::EVP_DigestSignInit_ex) digest_sign_init_ex = library["EVP_DigestSignInit_ex"];
  decltype(&::EVP_DigestSign) digest_sign = library["EVP_DigestSign"];
  decltype(&::BIO_new_mem_buf) bio_new_mem_buf = library["BIO_new_mem_buf"];
  decltype(&::BIO_free) bio_free = library["BIO_free"];
  decltype(&::PEM_read_bio_PrivateKey) pem_read_bio_private_key = library["PEM_read_bio_PrivateKey"];
  decltype(&::i2d_PUBKEY) i2d_pubkey = library["i2d_PUBKEY"];
  decltype(&::d2i_ECDSA_SIG) d2i_ecdsa_sig = library["d2i_ECDSA_SIG"];
  decltype(&::ECDSA_SIG_free) ecdsa_sig_free = library["ECDSA_SIG_free"];
  decltype(&::ECDSA_SIG_get0) ecdsa_sig_get0 = library["ECDSA_SIG_get0"];
  decltype(&::BN_bn2binpad) bn_bn2binpad = library["BN_bn2binpad"];
  decltype(&::ERR_clear_error) err_clear_error = library["ERR_clear_error"];
  decltype(&::CRYPTO_free) crypto_free = library["CRYPTO_free"];
};

inline const OpenSsl& openssl() {
  static const OpenSsl library;
  return library;
}

}  // namespace net
