// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/manifest_text.hpp"

#include "base/json.hpp"

namespace plugin::kubernetes {
namespace {

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

}  // namespace

std::string filled(std::string text,
                   std::initializer_list<std::pair<std::string_view, std::string_view>> values) {
  for (const auto& [name, value] : values)
    text = replace_all(std::move(text), "%" + std::string{name} + "%", value);
  return text;
}

// JSON's quoting is valid in YAML.
std::string quoted(const std::string& text) { return base::Json(text).dump(); }

std::string indented(const std::string& text, std::size_t columns) {
  std::string result;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const auto end = text.find('\n', begin) + 1;
    result += std::string(columns, ' ') + text.substr(begin, end - begin);
    begin = end;
  }
  return result;
}

std::string object(std::string_view api_version, std::string_view kind, std::string_view name,
                   std::string_view name_space) {
  std::string text = "apiVersion: " + std::string{api_version} + "\nkind: " + std::string{kind} +
                     "\nmetadata:\n  name: " + std::string{name} + '\n';
  if (!name_space.empty()) text += "  namespace: " + std::string{name_space} + '\n';
  return text + "  labels:\n    " + std::string{label};
}

std::string role_binding(std::string_view name, std::string_view name_space) {
  return object(rbac_version, "RoleBinding", name, name_space) +
         "roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: Role\n  name: " + std::string{name} + '\n';
}

}  // namespace plugin::kubernetes
