// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace net {

/// A private key for signing JWTs. The first one loads OpenSSL.
class PrivateKey {
public:
  /// Accepts PEM (PKCS#8 plain or encrypted, PKCS#1, SEC 1), even with missing newlines, newlines written as
  /// `\n`, or other text around it; DER; or base64 of these. Throws `config` with a specific message for each
  /// mistake: not a key, a public key, an OpenSSH key, a truncated key, a wrong or missing passphrase, an
  /// algorithm that Snowflake does not accept.
  static PrivateKey parse(const base::Secret& text, const base::Secret& passphrase);
  /// Whether the key needs a passphrase; false when it is not a key.
  static bool is_encrypted(const base::Secret& text);
  PrivateKey(PrivateKey&&) noexcept;
  PrivateKey& operator=(PrivateKey&&) noexcept;
  ~PrivateKey();

  /// The name of the signature algorithm (RFC 7518, 3.1): RS256, or ES256, ES384 or ES512 depending on the
  /// curve.
  std::string algorithm() const;
  /// SubjectPublicKeyInfo in DER.
  std::string public_key() const;
  /// The signature for a JWS (RFC 7518); for elliptic curves r and s, not DER.
  std::string sign(std::string_view bytes) const;

private:
  struct Key;
  explicit PrivateKey(std::unique_ptr<Key>);
  std::unique_ptr<Key> key_;
};

/// The next step for users whose key cannot be used.
inline constexpr const char* create_key =
    "create an RSA key of 2048 bits or more: openssl genrsa 2048 | openssl pkcs8 -topk8 -out key.p8";

/// A private key as PEM, from any form that users have: PEM with its newlines missing or written as \n, or
/// among certificates and attributes; DER; or base64 of these, once or twice. Throws `config` for anything
/// else, and says what it is: another kind of key, a public key, a path, a web page.
std::string pem_of_private_key(std::string_view text);

/// Generates an RSA key of 2048 bits, the minimum that Snowflake accepts
/// (https://docs.snowflake.com/en/user-guide/key-pair-auth), as PEM (PKCS#8, not encrypted). Throws
/// `internal` when OpenSSL fails.
base::Secret generate_private_key();

}  // namespace net
