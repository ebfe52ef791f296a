// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "base/shared_library.hpp"

namespace net {

/// The functions of OpenSSL that this project uses; loaded with the first key or digest.
struct OpenSsl {
  base::SharedLibrary library{"libcrypto.so.3", "libssl3"};
  decltype(&::EVP_sha256) sha256 = library["EVP_sha256"];
  decltype(&::EVP_DigestInit_ex) digest_init_ex = library["EVP_DigestInit_ex"];
  decltype(&::EVP_DigestUpdate) digest_update = library["EVP_DigestUpdate"];
  decltype(&::EVP_DigestFinal_ex) digest_final_ex = library["EVP_DigestFinal_ex"];
  decltype(&::EVP_Q_mac) q_mac = library["EVP_Q_mac"];
  decltype(&::EVP_EncodeBlock) encode_block = library["EVP_EncodeBlock"];
  decltype(&::EVP_DecodeBlock) decode_block = library["EVP_DecodeBlock"];
  decltype(&::CRYPTO_memcmp) memcmp = library["CRYPTO_memcmp"];
  decltype(&::EVP_PKEY_Q_keygen) pkey_q_keygen = library["EVP_PKEY_Q_keygen"];
  decltype(&::EVP_PKEY_free) pkey_free = library["EVP_PKEY_free"];
  decltype(&::EVP_PKEY_get_base_id) pkey_get_base_id = library["EVP_PKEY_get_base_id"];
  decltype(&::EVP_PKEY_get_bits) pkey_get_bits = library["EVP_PKEY_get_bits"];
  decltype(&::EVP_PKEY_get_group_name) pkey_get_group_name = library["EVP_PKEY_get_group_name"];
  decltype(&::EVP_MD_CTX_new) md_ctx_new = library["EVP_MD_CTX_new"];
  decltype(&::EVP_MD_CTX_free) md_ctx_free = library["EVP_MD_CTX_free"];
  decltype(&::EVP_DigestSignInit_ex) digest_sign_init_ex = library["EVP_DigestSignInit_ex"];
  decltype(&::EVP_DigestSign) digest_sign = library["EVP_DigestSign"];
  decltype(&::BIO_new_mem_buf) bio_new_mem_buf = library["BIO_new_mem_buf"];
  decltype(&::BIO_new) bio_new = library["BIO_new"];
  decltype(&::BIO_s_mem) bio_s_mem = library["BIO_s_mem"];
  decltype(&::BIO_read) bio_read = library["BIO_read"];
  decltype(&::BIO_free) bio_free = library["BIO_free"];
  decltype(&::PEM_read_bio_PrivateKey) pem_read_bio_private_key = library["PEM_read_bio_PrivateKey"];
  decltype(&::PEM_write_bio_PrivateKey) pem_write_bio_private_key = library["PEM_write_bio_PrivateKey"];
  decltype(&::i2d_PUBKEY) i2d_pubkey = library["i2d_PUBKEY"];
  decltype(&::d2i_ECDSA_SIG) d2i_ecdsa_sig = library["d2i_ECDSA_SIG"];
  decltype(&::ECDSA_SIG_free) ecdsa_sig_free = library["ECDSA_SIG_free"];
  decltype(&::ECDSA_SIG_get0) ecdsa_sig_get0 = library["ECDSA_SIG_get0"];
  decltype(&::BN_bn2binpad) bn_bn2binpad = library["BN_bn2binpad"];
  decltype(&::ERR_clear_error) err_clear_error = library["ERR_clear_error"];
  decltype(&::CRYPTO_free) crypto_free = library["CRYPTO_free"];
};

/// Loads OpenSSL with the first call. Throws `config` when it is not installed.
inline const OpenSsl& openssl() {
  static const OpenSsl library;
  return library;
}

/// OpenSSL's functions for server certificates: `docker snowflake doctor` explains why one is not trusted.
struct OpenSslTls {
  base::SharedLibrary tls{"libssl.so.3", "libssl3"};
  base::SharedLibrary crypto{"libcrypto.so.3", "libssl3"};
  decltype(&::SSL_CTX_set_cert_verify_callback) set_cert_verify_callback =
      tls["SSL_CTX_set_cert_verify_callback"];
  decltype(&::X509_verify_cert) verify_cert = crypto["X509_verify_cert"];
  decltype(&::X509_STORE_CTX_get_error) store_ctx_get_error = crypto["X509_STORE_CTX_get_error"];
  decltype(&::X509_STORE_CTX_get0_cert) store_ctx_get0_cert = crypto["X509_STORE_CTX_get0_cert"];
  decltype(&::X509_get_issuer_name) get_issuer_name = crypto["X509_get_issuer_name"];
  decltype(&::X509_get0_notAfter) get0_not_after = crypto["X509_get0_notAfter"];
  decltype(&::X509_NAME_get_text_by_NID) name_get_text_by_nid = crypto["X509_NAME_get_text_by_NID"];
  decltype(&::ASN1_TIME_to_tm) asn1_time_to_tm = crypto["ASN1_TIME_to_tm"];
};

/// Loads OpenSSL with the first call. Throws `config` when it is not installed.
inline const OpenSslTls& openssl_tls() {
  static const OpenSslTls library;
  return library;
}

}  // namespace net
