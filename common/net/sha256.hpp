// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace net {

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
