// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kubelet/yaml_text.hpp"

/// What this project has in a kubelet's CredentialProviderConfig (Kubernetes documentation, "Configure a
/// kubelet image credential provider").
namespace kubelet {

/// The name of the entry, which is the name of the program in the kubelet's directory as well.
inline constexpr std::string_view provider_name = "docker-credential-snowflake";
inline constexpr std::string_view provider_word = "kubelet-credential-provider";
/// The audience of a service account's token, for which Snowflake accepts it.
inline constexpr std::string_view token_audience = "snowflakecomputing.com";
/// The annotation of a service account that names the role to log in with.
inline constexpr const char* role_annotation = "snowflake.com/role";
/// Patterns for all Snowflake registries, and no other host: only the first label is a wildcard
/// (`snowflake/PROTOCOL.md` 1.3).
inline constexpr std::string_view match_images[] = {
    "*.registry.snowflakecomputing.com", "*.registry.privatelink.snowflakecomputing.com",
    "*.registry.snowflakecomputing.cn", "*.registry.privatelink.snowflakecomputing.cn"};

/// A version of Kubernetes, 1.`minor`, as far as it decides what a kubelet accepts.
struct KubernetesVersion {
  int minor = 34;

  /// Reads `1.34`, `v1.34.4`, `v1.31.2+k3s1` and the like. Throws `usage` for anything else, and for versions
  /// before 1.20, which have no credential providers.
  static KubernetesVersion parse(std::string_view text);

  /// kubelet.config.k8s.io/... of the file: v1 since 1.26, v1beta1 since 1.24.
  std::string config_api_version() const { return "kubelet.config.k8s.io/" + std::string{api_level()}; }
  std::string provider_api_version() const {
    return "credentialprovider.kubelet.k8s.io/" + std::string{api_level()};
  }
  /// Whether `tokenAttributes` are known: in 1.33 behind the feature gate
  /// KubeletServiceAccountTokenForCredentialProviders, since 1.34 without (KEP-4412).
  bool knows_tokens() const { return minor >= 33; }
  bool has_tokens_by_default() const { return minor >= 34; }
  /// Required since 1.34, and an unknown field before.
  bool has_cache_type() const { return minor >= 34; }

private:
  std::string_view api_level() const { return minor >= 26 ? "v1" : minor >= 24 ? "v1beta1" : "v1alpha1"; }
};

/// The entry as lines of YAML without their indentation; the first begins with "- ".
std::vector<std::string> provider_entry_yaml(const KubernetesVersion&, bool with_tokens);
/// The same as an object of JSON. `indentation` as nlohmann's dump has it: -1 for one line.
std::string provider_entry_json(const KubernetesVersion&, bool with_tokens, int indentation = -1);

/// A whole file with the one entry.
std::string provider_config_yaml(const KubernetesVersion&, bool with_tokens);
std::string provider_config_json(const KubernetesVersion&, bool with_tokens);

/// The entry of our program in a file: by its name, or by the word in its arguments. Null when there is none.
const YamlValue* find_our_provider(const YamlValue& root);
/// Whether a list, which may be null, has this text.
bool has_item(const YamlValue* list, std::string_view text);

/// `text`, of which `root` was read, with our entry as the last of `providers`, in the layout of the others;
/// every other byte stays. A text without a value becomes a whole file.
std::string with_our_provider(const std::string& text, const YamlValue& root, const KubernetesVersion&,
                              bool with_tokens);

/// `text` without one of its providers, which `find_our_provider` gave. The inverse of `with_our_provider` to
/// the byte.
std::string without_provider(const std::string& text, const YamlValue& root, const YamlValue& provider);

}  // namespace kubelet
