// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/json.hpp"
#include "base/secret.hpp"

namespace net {

/// SHA-256 as 32 bytes (FIPS 180-4).
std::string sha256(std::string_view bytes);
/// HMAC with SHA-256 as 32 bytes (RFC 2104).
std::string hmac_sha256(std::string_view key, std::string_view bytes);
/// RFC 4648, 4: the standard alphabet, with padding.
std::string base64(std::string_view bytes);
/// RFC 4648, 5: the URL-safe alphabet, without padding (as RFC 7515 requires).
std::string base64url(std::string_view bytes);
/// The value of the Authorization header for a user and a password (RFC 7617).
base::Secret basic_authorization(std::string_view user, std::string_view password);
/// Decodes base64 of either alphabet, with or without padding; absent when it is not valid.
std::optional<std::string> from_base64(std::string_view text);
/// Cryptographically secure random bytes, from the kernel. Throws `internal` when it has none.
std::string random_bytes(std::size_t count);
/// A random UUID in lower case (RFC 9562, version 4).
std::string random_uuid();
/// Compares two texts in a time that depends only on their lengths.
bool equal_in_constant_time(std::string_view left, std::string_view right);
/// A random number in [0, 1).
double random_fraction();

/// The claims of a JWT (RFC 7519); absent when it is not a JWT. Does not verify the signature: that is up to
/// the server that gets the token.
std::optional<base::Json> jwt_claims(std::string_view jwt);

/// The expiry time of a JWT (RFC 7519, 4.1.4: exp). Absent when it is not a JWT, or has none.
std::optional<base::TimePoint> jwt_expiry(std::string_view jwt);

/// Computes SHA-256 (FIPS 180-4) of a stream. Throws `internal` when OpenSSL fails.
class Sha256 {
public:
  Sha256();
  /// Adds the next bytes of the stream.
  void add(std::string_view bytes);
  /// The digest as 32 bytes. Nothing can be added afterwards.
  std::string bytes();
  /// The same in hexadecimal, with `sha256:` in front of it (OCI image specification, Digests).
  std::string digest();

private:
  std::unique_ptr<void, void (*)(void*)> context_;
};

}  // namespace net
