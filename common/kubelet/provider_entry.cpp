// SPDX-License-Identifier: Apache-2.0
#include "kubelet/provider_entry.hpp"

#include <charconv>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace kubelet {
namespace {

constexpr int first_minor = 20;
constexpr const char* role_annotation = "snowflake.com/role";

base::OrderedJson entry(const KubernetesVersion& version, bool with_tokens) {
  base::OrderedJson json = {{"name", provider_name},
                            {"apiVersion", version.provider_api_version()},
                            {"matchImages", match_images},
                            {"defaultCacheDuration", "0s"},
                            {"args", {provider_word}}};
  if (!with_tokens) return json;
  auto& tokens = json["tokenAttributes"];
  tokens["serviceAccountTokenAudience"] = token_audience;
  if (version.has_cache_type()) tokens["cacheType"] = "ServiceAccount";
  tokens["requireServiceAccount"] = true;
  tokens["optionalServiceAccountAnnotationKeys"] = {role_annotation};
  return json;
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
    throw base::Error(base::Kind::usage, "'" + base::printable(text, 50) + "' is not a version of Kubernetes",
                      "write it as 1.34 or v1.34.4");
  }
  if (minor < first_minor) {
    throw base::Error(base::Kind::usage,
                      "Kubernetes 1." + std::to_string(minor) + " has no credential providers",
                      "use a pull secret: docker snowflake kubernetes cronjob --help");
  }
  return {minor};
}

std::vector<std::string> provider_entry_yaml(const KubernetesVersion& version, bool with_tokens) {
  std::vector<std::string> lines = {"- name: " + std::string{provider_name},
                                    "  apiVersion: " + version.provider_api_version(), "  matchImages:"};
  for (const auto pattern : match_images) lines.push_back("    - \"" + std::string{pattern} + "\"");
  lines.emplace_back("  defaultCacheDuration: \"0s\"");
  lines.push_back("  args: [\"" + std::string{provider_word} + "\"]");
  if (!with_tokens) return lines;
  lines.emplace_back("  tokenAttributes:");
  lines.push_back("    serviceAccountTokenAudience: " + std::string{token_audience});
  if (version.has_cache_type()) lines.emplace_back("    cacheType: ServiceAccount");
  lines.emplace_back("    requireServiceAccount: true");
  lines.push_back("    optionalServiceAccountAnnotationKeys: [\"" + std::string{role_annotation} + "\"]");
  return lines;
}

std::string provider_entry_json(const KubernetesVersion& version, bool with_tokens, int indentation) {
  return entry(version, with_tokens).dump(indentation);
}

std::string provider_config_yaml(const KubernetesVersion& version, bool with_tokens) {
  std::string text =
      "apiVersion: " + version.config_api_version() + "\nkind: CredentialProviderConfig\nproviders:\n";
  for (const auto& line : provider_entry_yaml(version, with_tokens)) text += "  " + line + '\n';
  return text;
}

std::string provider_config_json(const KubernetesVersion& version, bool with_tokens) {
  const base::OrderedJson json = {{"apiVersion", version.config_api_version()},
                                  {"kind", "CredentialProviderConfig"},
                                  {"providers", {entry(version, with_tokens)}}};
  return json.dump(2) + '\n';
}

}  // namespace kubelet
