// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/json.hpp"

namespace net {

/// SHA-256 as 32 bytes (FIPS 180-4).
std::string sha256(std::string_view bytes);
/// HMAC with SHA-256 as 32 bytes (RFC 2104).
std::string hmac_sha256(std::string_view key, std::string_view bytes);
/// RFC 4648, 4: the standard alphabet, padded.
std::string base64(std::string_view bytes);
/// RFC 4648, 5: the alphabet for URLs, not padded (as RFC 7515 wants it).
std::string base64url(std::string_view bytes);
/// What base64 of either alphabet holds, padded or not; absent when there is another character in it.
std::optional<std::string> from_base64(std::string_view text);
/// Bytes that cannot be guessed, from the kernel. Throws `internal` when it has none.
std::string random_bytes(std::size_t count);
/// A random UUID in lower case (RFC 9562, version 4).
std::string random_uuid();
/// Whether two texts are the same. How long that takes tells nothing but their lengths.
bool equal_in_constant_time(std::string_view left, std::string_view right);
/// In [0, 1).
double random_fraction();

/// What a JWT claims (RFC 7519): who made it, for whom, until when. Absent when it is none. The signature is
/// not looked at: the server that the token is for does that.
std::optional<base::Json> claims_of_jwt(std::string_view jwt);

/// When a JWT expires (RFC 7519, 4.1.4: exp). Absent when it is none, or does not say.
std::optional<base::TimePoint> expiry_of_jwt(std::string_view jwt);

/// SHA-256 (FIPS 180-4) of bytes that come piece by piece. Throws `internal` when OpenSSL cannot.
class Sha256 {
public:
  Sha256();
  void add(std::string_view bytes);
  /// `sha256:` and the digest in hexadecimal, as images name their parts (OCI image specification, Digests).
  /// Nothing can be added after it.
  std::string digest();

private:
  std::unique_ptr<void, void (*)(void*)> context_;
};

}  // namespace net
