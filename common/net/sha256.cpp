// SPDX-License-Identifier: Apache-2.0
#include "net/sha256.hpp"

#include "base/error.hpp"
#include "base/shared_library.hpp"
#include "base/text.hpp"
#include "net/openssl.hpp"

namespace net {
namespace {

/// The functions of OpenSSL for digests of streams.
struct OpenSslDigest {
  base::SharedLibrary library{"libcrypto.so.3", "libssl3"};
  decltype(&::EVP_MD_CTX_new) context_new = library["EVP_MD_CTX_new"];
  decltype(&::EVP_MD_CTX_free) context_free = library["EVP_MD_CTX_free"];
  decltype(&::EVP_sha256) sha256 = library["EVP_sha256"];
  decltype(&::EVP_DigestInit_ex) init = library["EVP_DigestInit_ex"];
  decltype(&::EVP_DigestUpdate) update = library["EVP_DigestUpdate"];
  decltype(&::EVP_DigestFinal_ex) final = library["EVP_DigestFinal_ex"];
};

const OpenSslDigest& openssl_digest() {
  static const OpenSslDigest library;
  return library;
}

void require(bool done) {
  if (!done) throw base::Error(base::Kind::internal, "OpenSSL cannot work out a digest");
}

}  // namespace

Sha256::Sha256()
    : context_(openssl_digest().context_new(),
               [](void* context) { openssl_digest().context_free(static_cast<EVP_MD_CTX*>(context)); }) {
  require(context_ && openssl_digest().init(static_cast<EVP_MD_CTX*>(context_.get()),
                                            openssl_digest().sha256(), nullptr) == 1);
}

void Sha256::add(std::string_view bytes) {
  require(openssl_digest().update(static_cast<EVP_MD_CTX*>(context_.get()), bytes.data(), bytes.size()) == 1);
}

std::string Sha256::digest() {
  std::string bytes(32, '\0');
  unsigned size = 0;
  require(openssl_digest().final(static_cast<EVP_MD_CTX*>(context_.get()),
                                 reinterpret_cast<unsigned char*>(bytes.data()), &size) == 1 &&
          size == bytes.size());
  return "sha256:" + base::to_hex(bytes);
}

}  // namespace net
