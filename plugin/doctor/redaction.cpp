// SPDX-License-Identifier: Apache-2.0
#include "doctor/redaction.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "config/connection_keys.hpp"

namespace plugin::doctor {
namespace {

/// Shorter ones would blot out ordinary words, and are found out by trying anyway.
constexpr std::size_t shortest = 4;
constexpr std::string_view blot = "[removed]";

bool names_a_secret(std::string_view variable) {
  constexpr std::array<std::string_view, 8> words = {"PASS",   "TOKEN",      "SECRET", "KEY",
                                                     "_AUTH_", "CREDENTIAL", "_PAT",   "_PWD"};
  const std::string name = base::to_upper(variable);
  // Paths and switches, which sentences name.
  for (const std::string_view end : {"_FILE", "_PATH", "_VERIFICATION"}) {
    if (name.ends_with(end)) return false;
  }
  return std::ranges::any_of(words,
                             [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

/// "password" in `scheme://user:password@host`.
std::string_view password_in(std::string_view url) {
  const auto at = url.rfind('@');
  if (at == std::string_view::npos) return {};
  const auto scheme = url.find("://");
  const auto begin = scheme == std::string_view::npos ? 0 : scheme + 3;
  const auto colon = url.find(':', begin);
  return colon < at ? url.substr(colon + 1, at - colon - 1) : std::string_view{};
}

}  // namespace

bool may_be_shown(std::string_view field) { return !config::may_hold_secret(field); }

Redaction::Redaction(const base::Environment& environment) {
  for (const auto& [name, value] : environment.all()) {
    if (names_a_secret(name)) add(base::Secret{value});
    add(base::Secret{password_in(value)});
  }
  const auto logins = base::parse_json(environment.get("DOCKER_AUTH_CONFIG").value_or(""));
  if (logins) add_docker_config(*logins);
}

void Redaction::add(base::Secret secret) {
  if (secret.reveal().size() < shortest) return;
  secrets_.push_back(std::move(secret));
  // One secret may be a part of another: the longer one goes first.
  std::ranges::sort(secrets_, std::ranges::greater{}, [](const auto& each) { return each.reveal().size(); });
}

void Redaction::add(const config::Connection& connection) {
  for (const auto& [field, value] : connection.fields) {
    if (!may_be_shown(field)) add(value);
  }
}

void Redaction::add_docker_config(const base::Json& config) {
  for (const auto& entry : base::member(config, "auths")) {
    if (!entry.is_object()) continue;
    for (const auto& value : entry) {
      if (value.is_string()) add(base::Secret{value.get_ref<const std::string&>()});
    }
  }
}

std::string Redaction::clean(std::string text) const {
  for (const auto& secret : secrets_) {
    for (auto at = text.find(secret.reveal()); at != std::string::npos;
         at = text.find(secret.reveal(), at + blot.size())) {
      text.replace(at, secret.reveal().size(), blot);
    }
  }
  return text;
}

Result Redaction::clean(Result result) const {
  result.finding.sentence = clean(std::move(result.finding.sentence));
  result.finding.next = clean(std::move(result.finding.next));
  return result;
}

}  // namespace plugin::doctor
