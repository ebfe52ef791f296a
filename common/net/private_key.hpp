// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace net {

/// A private key for signing JWTs. OpenSSL is opened with the first one.
class PrivateKey {
public:
  /// PEM (PKCS#8 plain or encrypted, PKCS#1, SEC 1), also with its line ends lost or written as `\n` and with
  /// other things around it; DER; or base64 of these. Throws `config` with a sentence for each mistake: not a
  /// key, a public key, an OpenSSH key, a key that is cut off, a wrong or missing passphrase, a kind of key
  /// that Snowflake does not take.
  static PrivateKey parse(const base::Secret& text, const base::Secret& passphrase);
  /// Whether a passphrase is needed to open it; false for what is not a key.
  static bool is_encrypted(const base::Secret& text);
  PrivateKey(PrivateKey&&) noexcept;
  PrivateKey& operator=(PrivateKey&&) noexcept;
  ~PrivateKey();

  /// The name of the signature in RFC 7518, 3.1: RS256, or ES256, ES384, ES512 by curve.
  std::string algorithm() const;
  /// SubjectPublicKeyInfo in DER.
  std::string public_key() const;
  /// The signature as RFC 7518 wants it in a JWS; for curves r and s, not DER.
  std::string sign(std::string_view bytes) const;

private:
  struct Key;
  explicit PrivateKey(std::unique_ptr<Key>);
  std::unique_ptr<Key> key_;
};

}  // namespace net
