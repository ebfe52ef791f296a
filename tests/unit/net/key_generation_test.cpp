// SPDX-License-Identifier: Apache-2.0
#include "net/key_generation.hpp"

#include "net/private_key.hpp"
#include "support/catch.hpp"

TEST_CASE("a key that is made can be read, signs, and is another one each time") {
  const auto pem = net::generate_private_key();
  CHECK(pem.reveal().starts_with("-----BEGIN PRIVATE KEY-----\n"));
  const auto key = net::PrivateKey::parse(pem, {});
  CHECK(key.algorithm() == "RS256");
  CHECK(key.sign("text").size() == 256);
  CHECK(net::PrivateKey::parse(net::generate_private_key(), {}).public_key() != key.public_key());
}
