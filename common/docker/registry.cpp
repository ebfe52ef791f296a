// SPDX-License-Identifier: Apache-2.0
#include "docker/registry.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace docker {
namespace {

constexpr std::size_t max_label = 63;  // RFC 1035, 2.3.4

constexpr std::array<std::string_view, 4> registry_domains = {
    ".registry.snowflakecomputing.com",
    ".registry.snowflakecomputing.cn",
    ".registry.privatelink.snowflakecomputing.com",
    ".registry.privatelink.snowflakecomputing.cn",
};

bool is_host_character(char c) {
  return base::is_lower(c) || base::is_digit(c) || c == '-' || c == '.' || c == '_' || c == ':' || c == '[' ||
         c == ']';
}

bool is_account_label(std::string_view label) {
  if (label.empty() || label.size() > max_label || label.front() == '-' || label.back() == '-') return false;
  return std::ranges::all_of(label,
                             [](char c) { return base::is_lower(c) || base::is_digit(c) || c == '-'; });
}

}  // namespace

std::optional<std::string> normalized_host(std::string_view server_url) {
  const std::string text = base::to_lower(base::trim(server_url));
  // Programs disagree about where the host ends in "https://evil.example\\@host", "host#.evil.example" and
  // the like. Image references never contain these characters.
  constexpr std::string_view disputed = "\\?#%";
  if (!std::ranges::all_of(
          text, [&](char c) { return c > ' ' && c < '\x7f' && disputed.find(c) == std::string_view::npos; }))
    return std::nullopt;
  std::string_view rest = text;
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (rest.starts_with(scheme)) {
      rest.remove_prefix(scheme.size());
      break;
    }
  }
  rest = rest.substr(0, rest.find('/'));
  if (const auto at = rest.rfind('@'); at != std::string_view::npos) rest.remove_prefix(at + 1);
  if (rest.ends_with(":443")) rest.remove_suffix(4);
  if (rest.ends_with('.')) rest.remove_suffix(1);
  if (rest.empty() || !std::ranges::all_of(rest, is_host_character)) return std::nullopt;
  return std::string{rest};
}

std::optional<RegistryHost> RegistryHost::parse(std::string_view server_url) {
  auto host = normalized_host(server_url);
  if (!host) return std::nullopt;
  for (const auto domain : registry_domains) {
    if (!host->ends_with(domain)) continue;
    const std::size_t size = host->size() - domain.size();
    std::replace(host->begin(), host->begin() + static_cast<std::ptrdiff_t>(size), '_', '-');
    if (!is_account_label(std::string_view{*host}.substr(0, size))) return std::nullopt;
    return RegistryHost{std::move(*host), size};
  }
  return std::nullopt;
}

std::optional<RegistryHost> RegistryHost::parse(std::string_view server_url,
                                                const std::vector<std::string>& named) {
  if (auto registry = parse(server_url)) return registry;
  auto host = normalized_host(server_url);
  if (!host || std::ranges::find(named, *host) == named.end()) return std::nullopt;
  return RegistryHost{std::move(*host), 0};
}

std::string_view RegistryHost::top_level_domain() const noexcept {
  if (label_size_ == 0) return {};
  return std::string_view{name_}.substr(name_.rfind('.') + 1);
}

Credential parse_credential(std::string_view json) {
  const auto parsed = base::parse_json(json);
  if (!parsed || !parsed->is_object()) {
    throw base::Error(base::Kind::usage,
                      "the input of store is not a JSON object with ServerURL, Username and Secret");
  }
  Credential credential{base::text_at(*parsed, "ServerURL").value_or(""),
                        base::text_at(*parsed, "Username").value_or(""),
                        base::Secret{base::text_at(*parsed, "Secret").value_or("")}};
  if (credential.server_url.empty()) throw base::Error(base::Kind::usage, std::string{no_server_url_text});
  if (credential.username.empty()) throw base::Error(base::Kind::usage, std::string{no_username_text});
  return credential;
}

base::Secret to_json(const Credential& credential) {
  const base::OrderedJson json = {{"ServerURL", credential.server_url},
                                  {"Username", credential.username},
                                  {"Secret", credential.secret.reveal()}};
  return base::Secret{base::dump_json(json)};
}

}  // namespace docker
