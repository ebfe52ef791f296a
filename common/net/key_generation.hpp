// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/secret.hpp"

namespace net {

/// A new RSA key of 2048 bits, the least that Snowflake accepts
/// (https://docs.snowflake.com/en/user-guide/key-pair-auth), as PEM (PKCS#8, not encrypted). Throws
/// `internal` when OpenSSL makes none.
base::Secret generate_private_key();

}  // namespace net
