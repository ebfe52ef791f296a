// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "kubelet/yaml_text.hpp"

// This program's entry in a kubelet's CredentialProviderConfig (Kubernetes documentation, "Configure a
// kubelet image credential provider").
namespace kubelet {

/// The name of the entry, which is also the name of the program in the kubelet's directory.
inline constexpr std::string_view provider_name = "docker-credential-snowflake";
/// The argument with which a kubelet runs the program.
inline constexpr std::string_view provider_argument = "kubelet-credential-provider";
/// The audience that Snowflake requires in a service account's token.
inline constexpr std::string_view token_audience = "snowflakecomputing.com";
/// The annotation of a service account that names the role to log in with.
inline constexpr const char* role_annotation = "snowflake.com/role";
/// Patterns for all Snowflake registries, and no other host: only the first label is a wildcard
/// (`snowflake/PROTOCOL.md` 1.3).
inline constexpr std::string_view match_images[] = {
    "*.registry.snowflakecomputing.com", "*.registry.privatelink.snowflakecomputing.com",
    "*.registry.snowflakecomputing.cn", "*.registry.privatelink.snowflakecomputing.cn"};

/// A Kubernetes version, 1.`minor`, and what a kubelet of that version accepts.
struct KubernetesVersion {
  int minor = 34;

  /// Reads `1.34`, `v1.34.4`, `v1.31.2+k3s1` and the like. Throws `usage` for anything else, and for versions
  /// before 1.20, which have no credential providers.
  static KubernetesVersion parse(std::string_view text);

  /// The apiVersion of the file: v1 since 1.26, v1beta1 since 1.24.
  std::string config_api_version() const { return "kubelet.config.k8s.io/" + std::string{api_level()}; }
  /// The apiVersion of an entry.
  std::string provider_api_version() const {
    return "credentialprovider.kubelet.k8s.io/" + std::string{api_level()};
  }
  /// Whether `tokenAttributes` are supported: in 1.33 behind the feature gate
  /// KubeletServiceAccountTokenForCredentialProviders, since 1.34 by default (KEP-4412).
  bool supports_tokens() const { return minor >= 33; }
  /// The same, without a feature gate.
  bool has_tokens_by_default() const { return minor >= 34; }
  /// Whether `cacheType` is required; before 1.34, it is an unknown field.
  bool has_cache_type() const { return minor >= 34; }

private:
  std::string_view api_level() const { return minor >= 26 ? "v1" : minor >= 24 ? "v1beta1" : "v1alpha1"; }
};

/// A whole file with this entry only.
std::string provider_config_yaml(const KubernetesVersion&, bool with_tokens);
std::string provider_config_json(const KubernetesVersion&, bool with_tokens);

/// This program's entry in a file, found by its name or its argument. Null when there is none.
const YamlValue* find_our_provider(const YamlValue& root);
/// Whether a list, which may be null, contains this text.
bool has_item(const YamlValue* list, std::string_view text);

/// Adds this program's entry at the end of `providers` in `text`, in the style of the other entries, and
/// changes no other byte. `root` is the parsed `text`; if that has no value, such as only comments, a
/// whole file is added to it.
std::string with_our_provider(const std::string& text, const YamlValue& root, const KubernetesVersion&,
                              bool with_tokens);

/// `text` without `provider`, which `find_our_provider` returned. Undoes `with_our_provider` byte for byte.
std::string without_provider(const std::string& text, const YamlValue& root, const YamlValue& provider);

}  // namespace kubelet
