// SPDX-License-Identifier: Apache-2.0
#include "doctor/redaction.hpp"

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/masking.hpp"
#include "base/text.hpp"
#include "config/connection_keys.hpp"
#include "net/url.hpp"

namespace plugin::doctor {
namespace {

/// Removing shorter secrets would also remove ordinary words, and shorter secrets can be guessed anyway.
constexpr std::size_t min_secret = 4;
/// A secret at least this long is also recognized by its pieces.
constexpr std::size_t min_long_secret = 40;
constexpr std::size_t piece_size = 16;
constexpr std::string_view removed_mark = "[removed]";
constexpr std::string_view word_ends = " \t\r\n'\"<>(),;";

bool names_path(std::string_view name) {
  const std::string upper = base::to_upper(name);
  return upper.ends_with("_FILE") || upper.ends_with("_PATH");
}

bool names_secret(std::string_view variable) {
  constexpr std::array<std::string_view, 9> words = {
      "PASS", "TOKEN", "SECRET", "KEY", "_AUTH_", "CREDENTIAL", "_PAT", "_PWD", "SNOWFLAKE_CONNECTIONS"};
  const std::string name = base::to_upper(variable);
  if (name.ends_with("_VERIFICATION")) return false;  // switches
  return std::ranges::any_of(words,
                             [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

/// A part of a path that no one would choose as the name of a file: long, with letters and digits mixed.
bool looks_random(std::string_view part) {
  constexpr std::size_t min_random = 24;
  if (part.size() < min_random) return false;
  const auto has = [&](std::string_view set) { return part.find_first_of(set) != std::string_view::npos; };
  return has("0123456789") && has("abcdefghijklmnopqrstuvwxyz") && has("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

/// Whether a value where a path belongs is one. A file that exists is; otherwise it must not look like a key
/// or a token.
bool is_path(std::string_view value, const base::Environment& environment) {
  constexpr std::size_t max_path = 4096;
  if (value.empty()) return true;
  if (value.size() > max_path || base::printable(value, max_path) != value) return false;
  std::error_code ignored;
  if (std::filesystem::exists(environment.expand_home(std::string{value}), ignored)) return true;
  if (value.find("BEGIN ") != std::string_view::npos || value.find_first_of("/.") == std::string_view::npos)
    return false;
  const auto parts = base::split(value, '/');
  return std::ranges::none_of(parts, looks_random);
}

/// Without user, password and query of the addresses in it: `scheme://user:password@host/path?query`.
std::string without_url_secrets(std::string text) {
  for (auto at = text.find("://"); at != std::string::npos; at = text.find("://", at + 3)) {
    const auto begin = at + 3;
    const auto end = std::min(text.find_first_of(" \t\r\n'\"<>", begin), text.size());
    const auto host_end = std::min(text.find_first_of("/?#", begin), end);
    const auto last_at = text.rfind('@', end);
    const bool has_at = last_at != std::string::npos && last_at >= begin && last_at < end;
    // A password may contain /, ? or #: then what follows the colon is not a port.
    const auto colon = text.find(':', begin);
    const bool has_userinfo =
        has_at && (last_at < host_end ||
                   (colon < host_end && text.find_first_not_of("0123456789", colon + 1) < host_end));
    if (const auto query = text.find('?', begin); query < end)
      text.replace(query + 1, end - query - 1, removed_mark);
    if (has_userinfo) text.replace(begin, last_at - begin, removed_mark);
  }
  return text;
}

void replace_all(std::string& text, std::string_view secret) {
  for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + removed_mark.size()))
    text.replace(at, secret.size(), removed_mark);
}

/// Replaces every word that holds the piece.
void replace_words(std::string& text, std::string_view piece) {
  for (auto at = text.find(piece); at != std::string::npos; at = text.find(piece)) {
    const auto before = at == 0 ? std::string::npos : text.find_last_of(word_ends, at - 1);
    const auto begin = before == std::string::npos ? 0 : before + 1;
    const auto end = std::min(text.find_first_of(word_ends, at), text.size());
    text.replace(begin, std::max(end, at + piece.size()) - begin, removed_mark);
  }
}

}  // namespace

bool may_be_shown(std::string_view field, std::string_view value, const base::Environment& environment) {
  if (config::may_hold_secret(field) || base::looks_like_secret(value)) return false;
  return !names_path(field) || is_path(value, environment);
}

Redaction::Redaction(const base::Environment& environment) : environment_(environment) {
  for (const auto& [name, value] : environment.all()) {
    if (names_path(name) ? !is_path(value, environment) && names_secret(name) : names_secret(name))
      add(base::Secret{value});
  }
  constexpr const char* logins = "DOCKER_AUTH_CONFIG";
  add(docker_config::DockerConfig::read(environment.get(logins).value_or(""), logins));
}

void Redaction::add_exactly(base::Secret secret) {
  if (secret.reveal().size() < min_secret || base::is_ordinary_word(secret.reveal())) return;
  secrets_.push_back(std::move(secret));
  // One secret may be a part of another.
  std::ranges::sort(secrets_, std::ranges::greater{}, [](const auto& each) { return each.reveal().size(); });
}

void Redaction::add(const base::Secret& secret) {
  const std::string_view text = secret.reveal();
  add_exactly(base::Secret{base::trim(text)});
  // As it appears in messages and in URLs.
  add_exactly(base::Secret{base::printable(text, text.size())});
  add_exactly(base::Secret{net::percent_encode(text)});
  if (text.size() < min_long_secret) return;
  for (const auto& line : base::split(text, '\n')) {
    if (line.starts_with("-----")) continue;
    for (std::size_t at = 0; at + piece_size <= line.size(); at += piece_size)
      pieces_.emplace_back(std::string_view{line}.substr(at, piece_size));
  }
}

void Redaction::add(const config::Connection& connection) {
  for (const auto& [field, value] : connection.fields) {
    if (!may_be_shown(field, value.reveal(), environment_) &&
        !connection.occurs_in_shown_values(value.reveal()))
      add(value);
  }
}

void Redaction::add(const docker_config::DockerConfig& config) {
  for (const auto& [registry, login] : config.logins) {
    for (const auto& [field, value] : login.fields) add(value);
  }
  for (const auto& [header, value] : config.headers) add(value);
}

std::string Redaction::clean(const std::string& text) const {
  auto result = without_url_secrets(text);
  for (const auto& secret : secrets_) replace_all(result, secret.reveal());
  for (const auto& piece : pieces_) replace_words(result, piece.reveal());
  return result;
}

Finding Redaction::clean(Finding finding) const {
  finding.sentence = clean(finding.sentence);
  finding.next = clean(finding.next);
  return finding;
}

}  // namespace plugin::doctor
