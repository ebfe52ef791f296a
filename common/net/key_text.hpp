// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace net {

/// The next step for users whose key cannot be used.
inline constexpr const char* create_key =
    "create an RSA key of 2048 bits or more: openssl genrsa 2048 | openssl pkcs8 -topk8 -out key.p8";

/// A private key as PEM, from any form that users have: PEM with its newlines missing or written as \n, or
/// among certificates and attributes; DER; or base64 of these, once or twice. Throws `config` for anything
/// else, and says what it is: another kind of key, a public key, a path, a web page.
std::string pem_of_private_key(std::string_view text);

}  // namespace net
