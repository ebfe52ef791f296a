// SPDX-License-Identifier: Apache-2.0
// What people take for a private key.
#include "net/private_key.hpp"
#include "base/error.hpp"

extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  const base::Secret text{std::string{data, size}};
  try {
    net::PrivateKey::is_encrypted(text);
    net::PrivateKey::parse(text, base::Secret{"passphrase"}).sign("text");
  } catch (const base::Error&) {
  }
  return 0;
}
