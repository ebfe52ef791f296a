// SPDX-License-Identifier: Apache-2.0
#include "net/private_key.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "net/crypto.hpp"
#include "net/openssl.hpp"

namespace net {

struct PrivateKey::Key {
  EVP_PKEY* key = nullptr;
  explicit Key(EVP_PKEY* k) : key(k) {}
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  ~Key() { openssl().pkey_free(key); }
  bool is_rsa() const { return openssl().pkey_get_base_id(key) == EVP_PKEY_RSA; }
  int bits() const { return openssl().pkey_get_bits(key); }
};

namespace {

using base::Error;
using base::Kind;

/// OpenSSL's passphrase callback: returns the given passphrase, and never prompts on the terminal.
struct Passphrase {
  const base::Secret& text;
  bool asked = false;

  static int give(char* buffer, int size, int, void* context) {
    auto& self = *static_cast<Passphrase*>(context);
    self.asked = true;
    const auto text = self.text.reveal();
    if (text.empty() || std::cmp_greater(text.size(), size)) return -1;
    text.copy(buffer, text.size());
    return static_cast<int>(text.size());
  }
};

constexpr std::string_view white_space = " \t\r\n\v\f";
constexpr std::string_view begin_mark = "-----BEGIN ";
constexpr std::string_view mark_end = "-----";

[[noreturn]] void refuse(const std::string& what, const std::string& hint) {
  throw Error(Kind::config, what, hint);
}

[[noreturn]] void refuse_unknown() {
  refuse("the private key has an unknown format",
         "it must be PEM (-----BEGIN PRIVATE KEY----- or -----BEGIN ENCRYPTED PRIVATE KEY-----); convert it "
         "with: openssl pkcs8 -topk8 -in key.pem -out key.p8");
}

[[noreturn]] void refuse_public() {
  refuse("this is a public key, but the private key is needed to log in",
         "use the file from which the public key was created (rsa_key.p8); the public key belongs in ALTER "
         "USER ... "
         "SET RSA_PUBLIC_KEY");
}

/// An element of DER (X.690).
struct DerElement {
  unsigned char tag;
  std::string_view content;
};

/// Removes the first element from `bytes`. Absent when it is cut off.
std::optional<DerElement> take_der(std::string_view& bytes) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i]));
  };
  if (bytes.size() < 2) return std::nullopt;
  std::size_t header = 2;
  std::size_t size = byte(1);
  if (size >= 0x80) {
    const std::size_t count = size - 0x80;
    if (count == 0 || count > 4 || bytes.size() < 2 + count) return std::nullopt;
    size = 0;
    for (std::size_t i = 0; i < count; ++i) size = (size << 8U) | byte(2 + i);
    header += count;
  }
  if (bytes.size() - header < size) return std::nullopt;
  const DerElement element{static_cast<unsigned char>(byte(0)), bytes.substr(header, size)};
  bytes.remove_prefix(header + size);
  return element;
}

/// The PEM label for a key or certificate in DER; empty when it is neither.
std::string_view label_of_der(std::string_view der) {
  constexpr unsigned char integer = 0x02;
  constexpr unsigned char bits = 0x03;
  constexpr unsigned char octets = 0x04;
  constexpr unsigned char sequence = 0x30;
  const auto whole = take_der(der);
  if (!whole || whole->tag != sequence) return {};
  std::string_view rest = whole->content;
  const auto first = take_der(rest);
  const auto second = take_der(rest);
  if (!first || !second) return {};
  if (first->tag == sequence) {
    if (second->tag == octets) return "ENCRYPTED PRIVATE KEY";
    return second->tag == bits ? "PUBLIC KEY" : "CERTIFICATE";
  }
  if (first->tag != integer) return {};
  if (second->tag == sequence) return "PRIVATE KEY";
  if (second->tag == octets) return "EC PRIVATE KEY";
  return rest.empty() ? "RSA PUBLIC KEY" : "RSA PRIVATE KEY";
}

std::string without_white_space(std::string_view text) {
  std::string result;
  std::ranges::copy_if(text, std::back_inserter(result),
                       [](char c) { return white_space.find(c) == std::string_view::npos; });
  return result;
}

std::string pem_of(std::string_view label, std::string_view headers, std::string_view body) {
  const std::string name{label};
  std::string pem = std::string{begin_mark} + name + "-----\n" + std::string{headers};
  const std::string base64 = without_white_space(body);
  for (std::size_t at = 0; at < base64.size(); at += 64) pem += base64.substr(at, 64) + "\n";
  return pem + "-----END " + name + "-----\n";
}

/// Removes the headers of OpenSSL's traditional key encryption (RFC 1421, 4.6) from `body`, and returns them
/// one per line with an empty line after them.
std::string take_headers(std::string_view& body) {
  body = base::trim(body);
  if (!body.starts_with("Proc-Type:")) return {};
  const auto info = body.find("DEK-Info:");
  if (info == std::string_view::npos) refuse_unknown();
  auto value = base::trim(body.substr(info + 9));
  const auto end = std::min(value.find_first_of(white_space), value.size());
  body = value.substr(end);
  return "Proc-Type: 4,ENCRYPTED\nDEK-Info: " + std::string{value.substr(0, end)} + "\n\n";
}

/// Throws for kinds of PEM that Snowflake does not accept as a private key, each with its own hint.
void refuse_other_kind(std::string_view label) {
  if (label.ends_with("PUBLIC KEY")) refuse_public();
  if (label == "OPENSSH PRIVATE KEY") {
    refuse("the private key has OpenSSH's format, which Snowflake does not accept",
           "convert a copy of it: ssh-keygen -p -m PKCS8 -f key");
  }
  if (label.ends_with("CERTIFICATE"))
    refuse("this is a certificate, not a private key", "use the file with -----BEGIN PRIVATE KEY-----");
}

/// The first private key in a text that may contain other things: attributes of a PKCS#12 file, certificates,
/// curve parameters.
std::string pem_in(std::string_view text) {
  std::string_view last;
  for (auto at = text.find(begin_mark); at != std::string_view::npos; at = text.find(begin_mark)) {
    text.remove_prefix(at + begin_mark.size());
    const auto label_end = text.find(mark_end);
    if (label_end == std::string_view::npos) break;
    last = text.substr(0, label_end);
    text.remove_prefix(label_end + mark_end.size());
    if (!last.ends_with("PRIVATE KEY") || last.starts_with("OPENSSH")) continue;
    const auto end = text.find("-----END ");
    if (end == std::string_view::npos) {
      refuse("the private key is cut off: it has no line -----END " + std::string{last} + "-----",
             "copy the whole file, including its first and last line");
    }
    auto body = text.substr(0, end);
    const auto headers = take_headers(body);
    return pem_of(last, headers, body);
  }
  refuse_other_kind(last);
  refuse_unknown();
}

/// Converts the forms in which users have a key to PEM: PEM with its newlines missing or written as \n, DER,
/// or base64 of these, once or twice.
std::string as_pem(std::string_view text, int decoded = 0) {
  // Before trimming: DER may end in any byte.
  if (const auto label = label_of_der(text); !label.empty()) {
    refuse_other_kind(label);
    return pem_of(label, "", base64(text));
  }
  text = base::trim(text);
  if (text.size() > 1 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front())
    text = text.substr(1, text.size() - 2);
  std::string lines{text};
  for (const std::string_view written : {"\\r", "\\n"}) {
    for (auto at = lines.find(written); at != std::string::npos; at = lines.find(written, at))
      lines.replace(at, written.size(), "\n");
  }
  if (lines.find(begin_mark) != std::string::npos) return pem_in(lines);
  if (lines.starts_with("ssh-") || lines.starts_with("ecdsa-sha2-")) refuse_public();
  constexpr int max_decoded = 2;
  const auto bytes = from_base64(without_white_space(lines));
  if (!bytes || bytes->empty() || decoded == max_decoded) refuse_unknown();
  return as_pem(*bytes, decoded + 1);
}

/// Converts a signature in DER to the concatenation of r and s, each padded to the size of the curve (RFC
/// 7518, 3.4).
std::string joined_signature(std::string_view der, int curve_bits) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  const std::unique_ptr<ECDSA_SIG, decltype(&::ECDSA_SIG_free)> signature{
      openssl().d2i_ecdsa_sig(nullptr, &bytes, static_cast<long>(der.size())), openssl().ecdsa_sig_free};
  if (!signature) throw Error(Kind::internal, "OpenSSL cannot parse its own signature");
  const BIGNUM* r = nullptr;
  const BIGNUM* s = nullptr;
  openssl().ecdsa_sig_get0(signature.get(), &r, &s);
  const int size = (curve_bits + 7) / 8;
  std::string joined(static_cast<std::size_t>(size) * 2, '\0');
  auto* out = reinterpret_cast<unsigned char*>(joined.data());
  openssl().bn_bn2binpad(r, out, size);
  openssl().bn_bn2binpad(s, out + size, size);
  return joined;
}

}  // namespace

PrivateKey::PrivateKey(std::unique_ptr<Key> key) : key_(std::move(key)) {}
PrivateKey::PrivateKey(PrivateKey&&) noexcept = default;
PrivateKey& PrivateKey::operator=(PrivateKey&&) noexcept = default;
PrivateKey::~PrivateKey() = default;

PrivateKey PrivateKey::parse(const base::Secret& text, const base::Secret& passphrase) {
  const base::Secret pem{as_pem(text.reveal())};
  const std::unique_ptr<BIO, decltype(&::BIO_free)> memory{
      openssl().bio_new_mem_buf(pem.reveal().data(), static_cast<int>(pem.reveal().size())),
      openssl().bio_free};
  Passphrase given{passphrase};
  auto key = std::make_unique<Key>(
      memory ? openssl().pem_read_bio_private_key(memory.get(), nullptr, &Passphrase::give, &given)
             : nullptr);
  openssl().err_clear_error();
  if (key->key == nullptr && given.asked && passphrase.empty()) {
    throw Error(Kind::config, "the private key is encrypted, but no passphrase is set",
                "set PRIVATE_KEY_PASSPHRASE, or private_key_file_pwd in the connection");
  }
  if (key->key == nullptr && given.asked) {
    throw Error(Kind::config, "the passphrase of the private key is wrong",
                "correct PRIVATE_KEY_PASSPHRASE, or private_key_file_pwd in the connection");
  }
  if (key->key == nullptr) refuse_unknown();
  PrivateKey result{std::move(key)};
  result.algorithm();
  return result;
}

bool PrivateKey::is_encrypted(const base::Secret& text) {
  try {
    const base::Secret pem{as_pem(text.reveal())};
    return pem.reveal().starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----") ||
           pem.reveal().find("Proc-Type: 4,ENCRYPTED") != std::string_view::npos;
  } catch (const Error&) {
    return false;
  }
}

std::string PrivateKey::algorithm() const {
  if (key_->is_rsa()) return "RS256";
  if (openssl().pkey_get_base_id(key_->key) == EVP_PKEY_EC) {
    switch (key_->bits()) {
      case 256:
        return "ES256";
      case 384:
        return "ES384";
      case 521:
        return "ES512";
      default:
        break;
    }
  }
  throw Error(
      Kind::config, "the private key has an algorithm that Snowflake does not accept",
      "create an RSA key of 2048 bits or more: openssl genrsa 2048 | openssl pkcs8 -topk8 -out key.p8");
}

std::string PrivateKey::public_key() const {
  unsigned char* der = nullptr;
  const int size = openssl().i2d_pubkey(key_->key, &der);
  if (size <= 0) throw Error(Kind::internal, "OpenSSL cannot write the public key");
  std::string result{reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)};
  openssl().crypto_free(der, __FILE__, __LINE__);
  return result;
}

std::string PrivateKey::sign(std::string_view bytes) const {
  const std::string name = algorithm();
  const char* digest = name.ends_with("256") ? "SHA256" : name.ends_with("384") ? "SHA384" : "SHA512";
  const std::unique_ptr<EVP_MD_CTX, decltype(&::EVP_MD_CTX_free)> context{openssl().md_ctx_new(),
                                                                          openssl().md_ctx_free};
  const auto* input = reinterpret_cast<const unsigned char*>(bytes.data());
  std::size_t size = 0;
  if (!context ||
      openssl().digest_sign_init_ex(context.get(), nullptr, digest, nullptr, nullptr, key_->key, nullptr) !=
          1 ||
      openssl().digest_sign(context.get(), nullptr, &size, input, bytes.size()) != 1) {
    throw Error(Kind::internal, "OpenSSL cannot sign with the private key");
  }
  std::string signature(size, '\0');
  if (openssl().digest_sign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, input,
                            bytes.size()) != 1) {
    throw Error(Kind::internal, "OpenSSL cannot sign with the private key");
  }
  signature.resize(size);
  return key_->is_rsa() ? signature : joined_signature(signature, key_->bits());
}

}  // namespace net
