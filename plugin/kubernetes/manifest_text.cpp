// SPDX-License-Identifier: Apache-2.0
#include "kubernetes/manifest_text.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "kubernetes/manifests.hpp"

namespace plugin::kubernetes {
namespace {

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

bool is_label(std::string_view text) {
  const auto is_inner = [](char c) { return base::is_lower(c) || base::is_digit(c) || c == '-'; };
  return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
         std::ranges::all_of(text, is_inner);
}

[[noreturn]] void refuse(const std::string& text, const char* what, const char* hint) {
  throw base::Error(base::Kind::usage,
                    std::string{what} + ": '" + base::printable(text, 100) + "' is not a valid name", hint);
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
                   std::string_view kube_namespace) {
  std::string text = "apiVersion: " + std::string{api_version} + "\nkind: " + std::string{kind} +
                     "\nmetadata:\n  name: " + std::string{name} + '\n';
  if (!kube_namespace.empty()) text += "  namespace: " + std::string{kube_namespace} + '\n';
  return text + "  labels:\n    " + std::string{label} + '\n';
}

std::string role_binding(std::string_view name, std::string_view kube_namespace) {
  return object(rbac_version, "RoleBinding", name, kube_namespace) +
         "roleRef:\n  apiGroup: rbac.authorization.k8s.io\n  kind: Role\n  name: " + std::string{name} + '\n';
}

void check_namespace(const std::string& text, const char* what) {
  if (!is_label(text)) refuse(text, what, "use at most 63 lower-case letters, digits and '-'");
}

void check_name(const std::string& text, const char* what) {
  const auto labels = base::split(text, '.');
  if (text.size() > 253 || !std::ranges::all_of(labels, is_label))
    refuse(text, what, "use at most 253 lower-case letters, digits, '-' and '.'");
}

void check_image(const std::string& text) {
  const bool is_plain = !text.empty() && text.size() <= 512 && std::ranges::all_of(text, [](unsigned char c) {
    return c > ' ' && c < 0x7f &&
           std::string_view{"\"'\\`$#{}&*!|>%"}.find(static_cast<char>(c)) == std::string_view::npos;
  });
  if (!is_plain) refuse(text, "--image", "write it as <registry>/<path>:<tag>");
  if (docker::RegistryHost::parse(text.substr(0, text.find('/'))))
    throw base::Error(
        base::Kind::usage,
        "--image: '" + text + "' is in a registry of Snowflake, which nodes cannot pull from yet",
        "push it to another registry, such as that of your cloud, and name it here");
}

}  // namespace plugin::kubernetes
