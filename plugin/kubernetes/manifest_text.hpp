// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

/// Parts of manifests in YAML.
namespace plugin::kubernetes {

/// The label of every object.
inline constexpr std::string_view label = "app.kubernetes.io/name: docker-credential-snowflake";
inline constexpr std::string_view rbac_version = "rbac.authorization.k8s.io/v1";

/// Replaces each `%name%`. Values are checked names, references and paths, which cannot end a line or a
/// scalar.
std::string filled(std::string text,
                   std::initializer_list<std::pair<std::string_view, std::string_view>> values);
/// Every line with as many spaces in front.
std::string indented(const std::string& text, std::size_t columns);
/// A YAML scalar in double quotes.
std::string quoted(const std::string& text);
/// The beginning of an object, up to its labels; `kube_namespace` may be empty.
std::string object(std::string_view api_version, std::string_view kind, std::string_view name,
                   std::string_view kube_namespace);
/// A RoleBinding for the Role of the same name, up to its subjects.
std::string role_binding(std::string_view name, std::string_view kube_namespace);

}  // namespace plugin::kubernetes
