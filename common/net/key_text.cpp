// SPDX-License-Identifier: Apache-2.0
#include "net/private_key.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "net/crypto.hpp"

namespace net {
namespace {

using base::Error;
using base::Kind;

constexpr std::string_view white_space = " \t\r\n\v\f";
constexpr std::string_view begin_mark = "-----BEGIN ";
constexpr std::string_view mark_end = "-----";

[[noreturn]] void refuse(const std::string& what, const std::string& hint) {
  throw Error(Kind::config, what, hint);
}

/// Text that users mistake for a private key.
struct OtherContent {
  std::string_view mark;  ///< in the first bytes of the text
  std::string_view what;
  std::string_view next;
};

constexpr auto other_contents = std::to_array<OtherContent>({
    {"PuTTY-User-Key-File", "the private key is in PuTTY format, which Snowflake does not accept",
     "convert it: puttygen key.ppk -O private-openssh -o key, then ssh-keygen -p -m PKCS8 -f key"},
    {"-----BEGIN PGP", "this is a PGP key, which Snowflake does not accept", create_key},
    {"-----BEGIN CERTIFICATE REQUEST", "this is a certificate request, not a private key",
     "use the file with -----BEGIN PRIVATE KEY-----"},
    {"-----BEGIN NEW CERTIFICATE REQUEST", "this is a certificate request, not a private key",
     "use the file with -----BEGIN PRIVATE KEY-----"},
    {"version https://git-lfs", "this is a pointer of Git LFS, not the private key itself",
     "run: git lfs pull"},
    {"<!DOCTYPE", "this is a web page, not a private key", "download the key again, as a file"},
    {"<html", "this is a web page, not a private key", "download the key again, as a file"},
    {"\"kty\"", "the private key is a JWK, which is not supported", "export it as PEM (PKCS#8)"},
    {"-----END ", "the private key is cut off: its first line -----BEGIN ...----- is missing",
     "copy the whole file, including its first and last line"},
    {"BEGIN PRIVATE KEY", "the first line of the private key is damaged",
     "it must be -----BEGIN PRIVATE KEY-----, with five hyphens on each side"},
    {"BEGIN%20", "the private key is percent-encoded", "decode it, or use a file: private_key_file"},
});

void refuse_other_content(std::string_view text) {
  const auto trimmed = base::trim(text);
  if (trimmed.empty())
    refuse("the private key is empty", "write the key into it, or correct private_key_file");
  if (trimmed.starts_with("\xff\xfe") || trimmed.starts_with("\xfe\xff"))
    refuse("the private key is in UTF-16", "save it as UTF-8 or ASCII");
  for (const auto& other : other_contents) {
    if (text.find(other.mark) != std::string_view::npos)
      refuse(std::string{other.what}, std::string{other.next});
  }
  const bool is_line = trimmed.find('\n') == std::string_view::npos && trimmed.size() < 1000;
  if (is_line && (trimmed.starts_with('/') || trimmed.starts_with("~/") || trimmed.ends_with(".p8") ||
                  trimmed.ends_with(".pem")))
    refuse("this is the path of a file, not a private key", "use that path as private_key_file");
}

[[noreturn]] void refuse_unknown() {
  refuse("the private key has an unknown format",
         "it must be PEM (-----BEGIN PRIVATE KEY----- or -----BEGIN ENCRYPTED PRIVATE KEY-----); convert it "
         "with: openssl pkcs8 -topk8 -in key.pem -out key.p8");
}

[[noreturn]] void refuse_public() {
  refuse("this is a public key, but the private key is needed to log in",
         "use the file from which the public key was created (rsa_key.p8); the public key is for ALTER USER");
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

/// Throws for other kinds of PEM, each with its own hint.
void refuse_other_kind(std::string_view label) {
  if (label.ends_with("PUBLIC KEY")) refuse_public();
  if (label == "OPENSSH PRIVATE KEY") {
    refuse("the private key is in OpenSSH format, which Snowflake does not accept",
           "convert a copy of it: ssh-keygen -p -m PKCS8 -f key");
  }
  if (label.ends_with("CERTIFICATE"))
    refuse("this is a certificate, not a private key", "use the file with -----BEGIN PRIVATE KEY-----");
}

/// The first private key in a text that may contain other things: attributes of a PKCS#12 file, certificates,
/// curve parameters.
std::string pem_in(std::string_view text) {
  const auto text_before = text;
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
  refuse_other_content(text_before);
  refuse_unknown();
}

/// `decoded`: how many layers of base64 have been removed.
std::string as_pem(std::string_view text, int decoded) {
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
  if (decoded == 0 && (!bytes || bytes->empty())) refuse_other_content(text);
  if (!bytes || bytes->empty() || decoded == max_decoded) refuse_unknown();
  return as_pem(*bytes, decoded + 1);
}

}  // namespace

std::string pem_of_private_key(std::string_view text) { return as_pem(text, 0); }

}  // namespace net
