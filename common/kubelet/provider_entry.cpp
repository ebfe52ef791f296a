// SPDX-License-Identifier: Apache-2.0
#include "kubelet/provider_entry.hpp"

#include <algorithm>
#include <charconv>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace kubelet {
namespace {

constexpr int first_minor = 20;

base::OrderedJson entry(const KubernetesVersion& version, bool with_tokens) {
  base::OrderedJson json = {{"name", provider_name},
                            {"apiVersion", version.provider_api_version()},
                            {"matchImages", match_images},
                            {"defaultCacheDuration", "0s"},
                            {"args", {provider_argument}}};
  if (!with_tokens) return json;
  auto& tokens = json["tokenAttributes"];
  tokens["serviceAccountTokenAudience"] = token_audience;
  if (version.has_cache_type()) tokens["cacheType"] = "ServiceAccount";
  tokens["requireServiceAccount"] = true;
  tokens["optionalServiceAccountAnnotationKeys"] = {role_annotation};
  return json;
}

/// The same as lines of YAML without common indentation; the first begins with "- ".
std::vector<std::string> entry_lines(const KubernetesVersion& version, bool with_tokens) {
  std::vector<std::string> lines = {"- name: " + std::string{provider_name},
                                    "  apiVersion: " + version.provider_api_version(), "  matchImages:"};
  for (const auto pattern : match_images) lines.push_back("    - \"" + std::string{pattern} + "\"");
  lines.emplace_back("  defaultCacheDuration: \"0s\"");
  lines.push_back("  args: [\"" + std::string{provider_argument} + "\"]");
  if (!with_tokens) return lines;
  lines.emplace_back("  tokenAttributes:");
  lines.push_back("    serviceAccountTokenAudience: " + std::string{token_audience});
  if (version.has_cache_type()) lines.emplace_back("    cacheType: ServiceAccount");
  lines.emplace_back("    requireServiceAccount: true");
  lines.push_back("    optionalServiceAccountAnnotationKeys: [\"" + std::string{role_annotation} + "\"]");
  return lines;
}

std::string newline_of(const std::string& text) {
  return text.find("\r\n") == std::string::npos ? "\n" : "\r\n";
}

std::size_t start_of_line(const std::string& text, std::size_t at) {
  const auto newline = at == 0 ? std::string::npos : text.rfind('\n', at - 1);
  return newline == std::string::npos ? 0 : newline + 1;
}

/// The offset of the characters that end the line.
std::size_t end_of_line(const std::string& text, std::size_t at) {
  const auto newline = std::min(text.find('\n', at), text.size());
  return newline > at && text[newline - 1] == '\r' ? newline - 1 : newline;
}

/// The white space before a value on its line; empty when there is something else.
std::string margin_at(const std::string& text, std::size_t at) {
  const auto begin = start_of_line(text, at);
  const auto margin = text.substr(begin, at - begin);
  return margin.find_first_not_of(" \t") == std::string::npos ? margin : std::string{};
}

std::string block_lines(const std::string& newline, std::size_t column,
                        const std::vector<std::string>& lines) {
  std::string result;
  for (const auto& line : lines) result += newline + std::string(column, ' ') + line;
  return result;
}

std::string flow_item(const std::string& text, const YamlValue& providers, const KubernetesVersion& version,
                      bool with_tokens) {
  if (providers.items.empty()) return entry(version, with_tokens).dump();
  const auto margin = margin_at(text, providers.items.front().begin);
  if (margin.empty()) return ", " + entry(version, with_tokens).dump();
  const auto outer = margin_at(text, text.find_first_not_of(" \t", start_of_line(text, providers.begin)));
  const int unit = margin.size() > outer.size() ? static_cast<int>(margin.size() - outer.size()) : 2;
  const auto newline = newline_of(text);
  const auto lines = base::split(entry(version, with_tokens).dump(unit), '\n');
  return "," + newline + margin + base::join(lines, newline + margin);
}

}  // namespace

KubernetesVersion KubernetesVersion::parse(std::string_view text) {
  std::string_view rest = text;
  if (rest.starts_with('v')) rest.remove_prefix(1);
  int minor = 0;
  const bool has_major = rest.starts_with("1.");
  if (has_major) rest.remove_prefix(2);
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), minor);
  const bool ends_well = end == rest.data() + rest.size() || *end == '.' || *end == '+' || *end == '-';
  if (!has_major || error != std::errc{} || !ends_well || minor < 0) {
    throw base::Error(base::Kind::usage, "'" + base::printable(text, 50) + "' is not a Kubernetes version",
                      "write it as 1.34 or v1.34.4");
  }
  if (minor < first_minor) {
    throw base::Error(
        base::Kind::usage, "Kubernetes 1." + std::to_string(minor) + " has no credential providers",
        {"use a pull secret: docker snowflake kubernetes cronjob --help", base::Needs::terminal});
  }
  return {minor};
}

std::string provider_config_yaml(const KubernetesVersion& version, bool with_tokens) {
  std::string text =
      "apiVersion: " + version.config_api_version() + "\nkind: CredentialProviderConfig\nproviders:\n";
  for (const auto& line : entry_lines(version, with_tokens)) text += "  " + line + '\n';
  return text;
}

std::string provider_config_json(const KubernetesVersion& version, bool with_tokens) {
  const base::OrderedJson json = {{"apiVersion", version.config_api_version()},
                                  {"kind", "CredentialProviderConfig"},
                                  {"providers", {entry(version, with_tokens)}}};
  return json.dump(2) + '\n';
}

bool has_item(const YamlValue* list, std::string_view text) {
  return list != nullptr && std::ranges::find(list->items, text, &YamlValue::text) != list->items.end();
}

const YamlValue* find_our_provider(const YamlValue& root) {
  const auto* providers = root.find("providers");
  if (providers == nullptr) return nullptr;
  for (const auto& provider : providers->items) {
    const auto* name = provider.find("name");
    const bool is_named =
        name != nullptr && (name->text == provider_name || name->text.ends_with(provider_argument));
    if (is_named || has_item(provider.find("args"), provider_argument)) return &provider;
  }
  return nullptr;
}

std::string with_our_provider(const std::string& text, const YamlValue& root,
                              const KubernetesVersion& version, bool with_tokens) {
  const auto* providers = root.find("providers");
  std::string result = text;
  if (providers == nullptr || providers->kind != YamlValue::Kind::sequence) {
    if (!result.empty() && !result.ends_with('\n')) result += '\n';
    return result + provider_config_yaml(version, with_tokens);
  }
  if (providers->is_flow) {
    const auto at = providers->items.empty() ? providers->begin + 1 : providers->items.back().end;
    return result.insert(at, flow_item(text, *providers, version, with_tokens));
  }
  const auto lines = block_lines(newline_of(text), providers->column, entry_lines(version, with_tokens));
  return result.insert(end_of_line(text, providers->end), lines);
}

std::string without_provider(const std::string& text, const YamlValue& root, const YamlValue& provider) {
  const auto& providers = *root.find("providers");
  const auto index = static_cast<std::size_t>(&provider - providers.items.data());
  std::string result = text;
  if (providers.is_flow) {
    const auto begin = index > 0 ? providers.items[index - 1].end : provider.begin;
    const auto end = index == 0 && providers.items.size() > 1 ? providers.items[1].begin : provider.end;
    return result.erase(begin, end - begin);
  }
  const auto begin = start_of_line(text, text.rfind('-', provider.begin - 1));
  const auto end = end_of_line(text, provider.end);
  if (begin > 0) {
    const auto before = begin >= 2 && text[begin - 2] == '\r' ? begin - 2 : begin - 1;
    return result.erase(before, end - before);
  }
  return result.erase(begin, std::min(text.find('\n', end), text.size() - 1) + 1 - begin);
}

}  // namespace kubelet
