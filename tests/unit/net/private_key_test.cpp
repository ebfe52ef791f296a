// SPDX-License-Identifier: Apache-2.0
#include "net/private_key.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/file_change.hpp"
#include "base/text.hpp"
#include "net/crypto.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"
#include "support/openssl_command.hpp"

using fakes::openssl;

namespace {

net::PrivateKey parse(const std::string& text, const std::string& passphrase = {}) {
  return net::PrivateKey::parse(base::Secret{text}, base::Secret{passphrase});
}

std::string key_error(const std::string& text, const std::string& passphrase = {}) {
  return fakes::error_of([&] { parse(text, passphrase); }).what();
}

}  // namespace

TEST_CASE("every form of a key has the same public key, which is also OpenSSL's") {
  const fakes::TemporaryDirectory directory;
  const std::string pkcs8 = openssl(directory, "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048");
  base::write_file(directory.path() / "key", pkcs8);
  const std::string public_key = openssl(directory, "pkey -in key -pubout -outform DER");
  CHECK(parse(pkcs8).public_key() == public_key);
  CHECK(parse(openssl(directory, "rsa -in key -traditional")).public_key() == public_key);
  CHECK(parse("\n  " + pkcs8 + "\n").public_key() == public_key);
  CHECK(parse(net::base64(openssl(directory, "pkcs8 -topk8 -nocrypt -in key -outform DER"))).public_key() ==
        public_key);
  const std::string encrypted = openssl(directory, "pkcs8 -topk8 -in key -passout pass:word");
  CHECK(parse(encrypted, "word").public_key() == public_key);
  CHECK(parse(encrypted, "word").algorithm() == "RS256");
  CHECK(key_error(encrypted) == "the private key is encrypted, but no passphrase is set");
  CHECK(key_error(encrypted, "other") == "the passphrase of the private key is wrong");
}

TEST_CASE("openssl(1) accepts our RS256 signatures") {
  const fakes::TemporaryDirectory directory;
  const std::string key = openssl(directory, "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048");
  base::write_file(directory.path() / "key", key);
  base::write_file(directory.path() / "public", openssl(directory, "pkey -in key -pubout"));
  base::write_file(directory.path() / "text", "a.b");
  base::write_file(directory.path() / "signature", parse(key).sign("a.b"));
  CHECK(openssl(directory, "dgst -sha256 -verify public -signature signature text") == "Verified OK\n");
}

TEST_CASE("openssl(1) accepts our elliptic curve signatures, converted to DER") {
  struct Row {
    const char* curve;
    const char* digest;
  };
  const auto row = GENERATE(Row{"P-256", "-sha256"}, Row{"P-384", "-sha384"}, Row{"P-521", "-sha512"});
  const fakes::TemporaryDirectory directory;
  const std::string key =
      openssl(directory, std::string{"genpkey -algorithm EC -pkeyopt ec_paramgen_curve:"} + row.curve);
  base::write_file(directory.path() / "key", key);
  base::write_file(directory.path() / "public", openssl(directory, "pkey -in key -pubout"));
  base::write_file(directory.path() / "text", "a.b");
  const std::string numbers = base::to_hex(parse(key).sign("a.b"));
  const auto half = numbers.size() / 2;
  base::write_file(directory.path() / "asn1", "asn1 = SEQUENCE:both\n[both]\nr = INTEGER:0x" +
                                                  numbers.substr(0, half) + "\ns = INTEGER:0x" +
                                                  numbers.substr(half) + "\n");
  openssl(directory, "asn1parse -genconf asn1 -noout -out signature");
  CHECK(openssl(directory, std::string{"dgst "} + row.digest + " -verify public -signature signature text") ==
        "Verified OK\n");
}

TEST_CASE("PEM shows whether a key needs a passphrase") {
  const fakes::TemporaryDirectory directory;
  const std::string plain = openssl(directory, "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256");
  base::write_file(directory.path() / "key", plain);
  const auto is_encrypted = [](const std::string& text) {
    return net::PrivateKey::is_encrypted(base::Secret{text});
  };
  CHECK_FALSE(is_encrypted(plain));
  CHECK(is_encrypted(openssl(directory, "pkcs8 -topk8 -in key -passout pass:word")));
  CHECK(is_encrypted(openssl(directory, "ec -in key -aes128 -passout pass:word")));
}

TEST_CASE("elliptic curves sign with r and s, each padded to the size of the curve") {
  struct Row {
    const char* curve;
    const char* algorithm;
    std::size_t length;
  };
  const auto row = GENERATE(Row{"P-256", "ES256", 64}, Row{"P-384", "ES384", 96}, Row{"P-521", "ES512", 132});
  const fakes::TemporaryDirectory directory;
  const auto key =
      parse(openssl(directory, std::string{"genpkey -algorithm EC -pkeyopt ec_paramgen_curve:"} + row.curve));
  CHECK(key.algorithm() == row.algorithm);
  CHECK(key.sign("text").size() == row.length);
}

TEST_CASE("text that is not a key, or a key that Snowflake does not accept, is an error") {
  const fakes::TemporaryDirectory directory;
  CHECK(key_error("nonsense") == "the private key has an unknown format");
  CHECK(key_error("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----") ==
        "the private key is damaged: OpenSSL cannot read it");
  CHECK(key_error(openssl(directory, "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1")) ==
        "the private key has an algorithm that Snowflake does not accept");
  CHECK(key_error(openssl(directory, "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024")) ==
        "the private key has 1024 bits, and Snowflake accepts 2048 or more");
  CHECK(key_error(openssl(directory, "genpkey -algorithm ED25519")) ==
        "the private key has an algorithm that Snowflake does not accept");
}

TEST_CASE("a key is read in every form in which files and variables contain it") {
  const fakes::TemporaryDirectory directory;
  const std::string pkcs8 = openssl(directory, "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048");
  base::write_file(directory.path() / "key", pkcs8);
  const std::string public_key = parse(pkcs8).public_key();
  const auto with_line_ends = [](std::string pem, const std::string& instead) {
    for (auto at = pem.find('\n'); at != std::string::npos; at = pem.find('\n', at + instead.size()))
      pem.replace(at, 1, instead);
    return pem;
  };
  const std::string der = openssl(directory, "pkcs8 -topk8 -nocrypt -in key -outform DER");
  const std::string pkcs1 = openssl(directory, "rsa -in key -traditional");
  const std::string bags = "Bag Attributes\n    localKeyID: 01\nKey Attributes: <No Attributes>\n";
  for (const std::string& text :
       {with_line_ends(pkcs8, "\\n"), with_line_ends(pkcs8, " "), with_line_ends(pkcs8, ""),
        with_line_ends(pkcs8, "\r\n"), with_line_ends(pkcs8, "\\r\\n"), "\"" + pkcs8 + "\"", bags + pkcs8,
        der, openssl(directory, "rsa -in key -traditional -outform DER"), net::base64(pkcs8),
        net::base64(net::base64(pkcs8)), net::base64(net::base64(der)), net::base64url(der),
        with_line_ends(pkcs1, " "), pkcs8 + pkcs8}) {
    CAPTURE(text);
    CHECK(parse(text).public_key() == public_key);
  }
  for (const char* command :
       {"pkcs8 -topk8 -in key -passout pass:word", "rsa -in key -traditional -aes128 -passout pass:word"}) {
    const std::string encrypted = openssl(directory, command);
    for (const std::string& text :
         {with_line_ends(encrypted, "\\n"), with_line_ends(encrypted, " "), net::base64(encrypted)}) {
      CAPTURE(text);
      CHECK(parse(text, "word").public_key() == public_key);
      CHECK(net::PrivateKey::is_encrypted(base::Secret{text}));
    }
  }
  const std::string body = openssl(directory, "pkcs8 -topk8 -in key -passout pass:word -outform DER");
  CHECK(parse(net::base64(body), "word").public_key() == public_key);
  CHECK(key_error(net::base64(body)) == "the private key is encrypted, but no passphrase is set");
}

TEST_CASE("other kinds of keys are named, with the next step") {
  const fakes::TemporaryDirectory directory;
  base::write_file(directory.path() / "key",
                   openssl(directory, "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048"));
  const std::string pem = *base::read_file(directory.path() / "key");
  const char* is_public = "this is a public key, but the private key is needed to log in";
  CHECK(key_error(openssl(directory, "pkey -in key -pubout")) == is_public);
  CHECK(key_error(openssl(directory, "rsa -in key -RSAPublicKey_out")) == is_public);
  CHECK(key_error(openssl(directory, "pkey -in key -pubout -outform DER")) == is_public);
  CHECK(key_error("ssh-rsa AAAAB3NzaC1yc2E jane@host") == is_public);
  CHECK(key_error("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----") ==
        "the private key is in OpenSSH format, which Snowflake does not accept");
  CHECK(key_error("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----") ==
        "this is a certificate, not a private key");
  CHECK(key_error(pem.substr(0, 500)).starts_with("the private key is cut off"));
  CHECK(key_error("") == "the private key is empty");
  CHECK(key_error("~/keys/rsa_key.p8") == "this is the path of a file, not a private key");
  CHECK(key_error("\xff\xfe-\0-\0") == "the private key is in UTF-16");
  CHECK(key_error("PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none")
            .starts_with("the private key is in PuTTY format"));
  CHECK(key_error("<!DOCTYPE html><html></html>") == "this is a web page, not a private key");
  CHECK(key_error("version https://git-lfs.github.com/spec/v1\noid sha256:0")
            .starts_with("this is a pointer of Git LFS"));
}

TEST_CASE("a key that is made can be read, signs, and is another one each time") {
  const auto pem = net::generate_private_key();
  CHECK(pem.reveal().starts_with("-----BEGIN PRIVATE KEY-----\n"));
  const auto key = net::PrivateKey::parse(pem, {});
  CHECK(key.algorithm() == "RS256");
  CHECK(key.sign("text").size() == 256);
  CHECK(net::PrivateKey::parse(net::generate_private_key(), {}).public_key() != key.public_key());
}
