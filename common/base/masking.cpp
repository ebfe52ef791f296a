// SPDX-License-Identifier: Apache-2.0
#include "base/masking.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace base {
namespace {

constexpr std::string_view mask = "***";

constexpr std::size_t min_masked = 4;
/// A shorter secret may be part of an ordinary word, and is masked as a whole word only.
constexpr std::size_t min_masked_in_words = 8;
/// A match of this length with part of a password is not a coincidence.
constexpr std::size_t min_masked_part = 12;
/// Longer secrets are keys and tokens, whose parts are recognized by their form.
constexpr std::size_t max_password = 200;

/// The characters that end a URL in a sentence.
constexpr std::string_view word_ends = " \t\r\n\v\f\"'<>`,;()";
/// A password in a URL may contain the others.
constexpr std::string_view url_ends = " \t\r\n\v\f\"<>`";

bool is_base64(char c) { return is_alphanumeric(c) || c == '+' || c == '/' || c == '='; }
bool is_base64url(char c) { return is_alphanumeric(c) || c == '-' || c == '_' || c == '='; }

bool is_whole_word(std::string_view text, std::size_t begin, std::size_t size) {
  const auto is_word = [&](std::size_t at) {
    return at < text.size() && (is_alphanumeric(text[at]) || text[at] == '_');
  };
  return !(begin > 0 && is_word(begin - 1)) && !is_word(begin + size);
}

struct KnownSecrets {
  std::mutex mutex;
  std::vector<Secret> secrets;
};

KnownSecrets& known_secrets() {
  static KnownSecrets all;
  return all;
}

/// RFC 3986, 2.1.
Secret percent_encoded(std::string_view secret) {
  Secret result;
  for (const char c : secret) {
    const std::string byte =
        is_alphanumeric(c) ? std::string{c} : "%" + to_upper(to_hex(std::string_view{&c, 1}));
    result = Secret::join({result.reveal(), byte});
  }
  return result;
}

void mask_secret(std::string& text, std::string_view secret) {
  for (auto found = text.find(secret); found != std::string::npos;) {
    const bool is_hidden = secret.size() >= min_masked_in_words || is_whole_word(text, found, secret.size());
    if (is_hidden) text.replace(found, secret.size(), mask);
    found = text.find(secret, found + (is_hidden ? mask.size() : 1));
  }
}

/// The size of `user:password@`, including the @, in front of a host. Without a scheme, only a password
/// distinguishes it from other uses of @, such as the digest of an image.
std::size_t userinfo_size(std::string_view address, bool has_scheme) {
  auto authority = address.substr(0, address.find_first_of("/?#"));
  auto at = authority.rfind('@');
  auto size = at + 1;
  if (at == std::string_view::npos && has_scheme) {
    // A password that contains a slash: what follows the colon is not a port.
    const auto colon = authority.find(':');
    const bool is_port = colon == std::string_view::npos ||
                         authority.find_first_not_of("0123456789", colon + 1) == std::string_view::npos ||
                         authority.front() == '[';
    if (!is_port) at = address.rfind('@');
    size = at + 1;
    // An @ that was percent-encoded by mistake.
    if (const auto encoded = authority.find("%40", colon); !is_port && at == std::string_view::npos) {
      at = encoded;
      size = encoded + 3;
    }
  }
  if (at == std::string_view::npos) return 0;
  if (has_scheme) return size;
  const bool has_password = authority.find(':') < at;
  return has_password && !authority.substr(at + 1).starts_with("sha256:") ? size : 0;
}

/// The size of a scheme, even if it is misspelled: `https://`, `https:/`, `https:\\`, `//`. 0 without one.
std::size_t scheme_size(std::string_view text) {
  std::size_t letters = 0;
  while (letters < text.size() && is_letter(text[letters])) ++letters;
  const bool has_colon = letters > 0 && letters < text.size() && text[letters] == ':';
  std::size_t end = has_colon ? letters + 1 : 0;
  const auto slashes = text.find_first_not_of("/\\", end);
  const auto count = std::min(slashes, text.size()) - end;
  return count >= (has_colon ? 1U : 2U) ? end + count : 0;
}

/// Whether a parameter of a URL holds a secret, by its name.
bool is_secret_parameter(std::string_view name) {
  constexpr auto words = std::to_array<std::string_view>(
      {"token", "secret", "password", "passwd", "pwd", "passcode", "signature", "assertion", "credential"});
  const auto lower = to_lower(name);
  return std::ranges::any_of(words, [&](std::string_view word) { return lower.ends_with(word); });
}

void mask_url_parameters(std::string& text) {
  for (auto at = text.find_first_of("?&"); at != std::string::npos; at = text.find_first_of("?&", at + 1)) {
    const auto equals = text.find_first_of("= \t\n?&", at + 1);
    if (equals == std::string::npos || text[equals] != '=') continue;
    if (!is_secret_parameter(std::string_view{text}.substr(at + 1, equals - at - 1))) continue;
    const auto end = std::min(text.find_first_of("&# \t\r\n\"'<>`", equals), text.size());
    text.replace(equals + 1, end - equals - 1, mask);
  }
}

/// The size of a PEM block (RFC 7468) at the start of `text`, also of one on a single line or without its
/// end; 0 when there is none. The BEGIN line alone does not count, because hints contain it.
std::size_t pem_size(std::string_view text) {
  constexpr std::string_view begin = "-----BEGIN ";
  constexpr std::string_view mark = "-----";
  constexpr std::string_view between = " \t\r\n\\";
  constexpr std::size_t min_body = 16;
  if (!text.starts_with(begin)) return 0;
  const auto label_end = text.find(mark, begin.size());
  if (label_end == std::string_view::npos) return 0;
  auto body = text.substr(label_end + mark.size());
  while (!body.empty() && (between.find(body.front()) != std::string_view::npos || body.starts_with("n") ||
                           body.starts_with("r")))
    body.remove_prefix(1);
  const auto run = std::ranges::find_if_not(body, is_base64) - body.begin();
  if (std::cmp_less(run, min_body) && !body.starts_with("Proc-Type")) return 0;
  const auto end = text.find("-----END ", label_end);
  const auto close = end == std::string_view::npos ? end : text.find(mark, end + mark.size() + 4);
  return close == std::string_view::npos ? text.size() : close + mark.size();
}

/// The size of a JWT (RFC 7519) at the start of `text`; 0 when there is none.
std::size_t jwt_size(std::string_view text) {
  if (!text.starts_with("eyJ")) return 0;
  const auto end = std::ranges::find_if_not(text, [](char c) { return is_base64url(c) || c == '.'; });
  const auto token = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  return token.size() >= 40 && std::ranges::count(token, '.') >= 1 ? token.size() : 0;
}

/// Whether a run of base64 is a public key (SubjectPublicKeyInfo, RFC 5280), which hints print in ALTER USER
/// statements: RSA, or the elliptic curve P-256 or P-384. A private key begins with a version number instead.
bool is_public_key(std::string_view run) {
  constexpr std::string_view rsa = "ANBgkqhkiG9w0BAQEF";
  constexpr std::size_t size_of_length = 6;
  return (run.starts_with("MII") && run.substr(size_of_length).starts_with(rsa)) ||
         run.starts_with("MFkwEwYHKoZIzj0CAQ") || run.starts_with("MHYwEAYHKoZIzj0CAQ");
}

/// The size of a run of base64 at the start of `text` that is too long and too mixed to be a name or a path;
/// 0 when there is none.
std::size_t base64_run(std::string_view text) {
  const auto end = std::ranges::find_if_not(text, is_base64);
  const auto run = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  constexpr std::size_t min_run = 40;
  if (run.size() < min_run || is_public_key(run)) return 0;
  // The parts of a path between slashes are short.
  std::size_t longest = 0;
  for (const auto& part : split(run, '/')) longest = std::max(longest, part.size());
  const auto has = [&](auto is) { return std::ranges::any_of(run, is); };
  const bool is_mixed = has(is_upper) && has(is_lower) && has(is_digit);
  return longest >= min_run && is_mixed ? run.size() : 0;
}

std::string with_keys_and_tokens_masked(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    // The fingerprint of a public key is not secret, and shows which key was used.
    const bool is_fingerprint = result.ends_with("SHA256:");
    const std::size_t size =
        std::max({pem_size(text), jwt_size(text), is_fingerprint ? 0 : base64_run(text)});
    if (size > 0) {
      result += mask;
      text.remove_prefix(size);
      continue;
    }
    // Skip to the end of the word: trying each of its characters would take quadratic time.
    std::size_t next = 1;
    if (is_base64(text.front()) || is_base64url(text.front())) {
      while (next < text.size() && (is_base64(text[next]) || is_base64url(text[next])) &&
             !text.substr(next).starts_with("-----BEGIN "))
        ++next;
    }
    result += text.substr(0, next);
    text.remove_prefix(next);
  }
  return result;
}

}  // namespace

bool is_ordinary_word(std::string_view secret) {
  constexpr auto words = std::to_array<std::string_view>(
      {"account",    "authenticator", "browser",    "com",      "computing", "config",
       "connection", "container",     "credential", "database", "default",   "docker",
       "error",      "false",         "helper",     "home",     "host",      "https",
       "image",      "images",        "install",    "key",      "login",     "logout",
       "name",       "network",       "next",       "none",     "oauth",     "password",
       "podman",     "private",       "public",     "pull",     "push",      "registry",
       "repository", "role",          "root",       "schema",   "secret",    "server",
       "service",    "session",       "setup",      "snow",     "snowflake", "snowflakecomputing",
       "status",     "token",         "true",       "user",     "username",  "version",
       "warehouse"});
  return std::ranges::any_of(words,
                             [&](std::string_view word) { return equals_ignoring_case(secret, word); });
}

void add_mask(const Secret& secret) {
  if (secret.reveal().size() < min_masked || is_ordinary_word(secret.reveal())) return;
  const std::lock_guard lock{known_secrets().mutex};
  auto& secrets = known_secrets().secrets;
  if (std::ranges::find(secrets, secret.reveal(), &Secret::reveal) != secrets.end()) return;
  secrets.push_back(secret);
  if (secret.reveal().size() <= max_password) secrets.push_back(percent_encoded(secret.reveal()));
  // Longest first, so that a secret that contains another one is masked as a whole.
  std::ranges::stable_sort(secrets, std::ranges::greater{},
                           [](const Secret& s) { return s.reveal().size(); });
}

std::string masked(std::string_view text) {
  std::string result{text};
  {
    const std::lock_guard lock{known_secrets().mutex};
    for (const auto& secret : known_secrets().secrets) {
      mask_secret(result, secret.reveal());
      const auto size = secret.reveal().size();
      if (size > min_masked_part && size <= max_password)
        result = without_parts_of(secret.reveal(), std::move(result), min_masked_part, mask);
    }
  }
  result = with_keys_and_tokens_masked(without_userinfo(result));
  mask_url_parameters(result);
  return result;
}

std::string without_parts_of(std::string_view secret, std::string text, std::size_t min_part,
                             std::string_view replacement) {
  const auto is_part = [&](std::size_t at, std::size_t size) {
    return secret.find(std::string_view{text}.substr(at, size)) != std::string_view::npos;
  };
  for (std::size_t at = 0; at + min_part <= text.size(); ++at) {
    std::size_t size = min_part;
    if (!is_part(at, size)) continue;
    while (at + size < text.size() && is_part(at, size + 1)) ++size;
    text.replace(at, size, replacement);
  }
  return text;
}

std::string without_userinfo(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const auto scheme = scheme_size(text);
    const auto size = std::min(text.find_first_of(scheme > 0 ? url_ends : word_ends), text.size());
    const auto word = text.substr(0, size);
    const auto inner = word.find("://");
    const auto start = scheme > 0 ? scheme : inner == std::string_view::npos ? 0 : inner + 3;
    const auto userinfo = userinfo_size(word.substr(std::min(start, word.size())), start > 0);
    result += word.substr(0, start);
    result += word.substr(std::min(start + userinfo, word.size()));
    text.remove_prefix(size);
    if (text.empty()) break;
    result += text.front();
    text.remove_prefix(1);
  }
  return result;
}

bool looks_like_secret(std::string_view text) {
  text = trim(text);
  if (text.find("-----BEGIN ") != std::string_view::npos) return true;
  if (text.starts_with("eyJ") && std::ranges::count(text, '.') >= 2) return true;
  if (text.starts_with("ver:") && text.find("hint:") != std::string_view::npos) return true;
  return with_keys_and_tokens_masked(text) != text;
}

}  // namespace base
