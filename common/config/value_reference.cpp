// SPDX-License-Identifier: Apache-2.0
#include "config/value_reference.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"

namespace config {
namespace {

bool is_name_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_name(std::string_view text) {
  return !text.empty() && !(text.front() >= '0' && text.front() <= '9') &&
         std::ranges::all_of(text, is_name_character);
}

/// The text between `open` and `close` when the value consists of these; absent otherwise.
std::optional<std::string_view> inside(std::string_view value, std::string_view open,
                                       std::string_view close) {
  if (value.size() <= open.size() + close.size() || !value.starts_with(open) || !value.ends_with(close))
    return std::nullopt;
  return value.substr(open.size(), value.size() - open.size() - close.size());
}

/// NAME in `NAME`, `NAME:-default`, `env:NAME`, `secrets.NAME` or `env['NAME']`.
std::string variable_in(std::string_view text) {
  text = base::trim(text);
  for (const std::string_view prefix : {"env:", "env.", "secrets.", "vars.", "variables."}) {
    if (base::to_lower(text).starts_with(prefix)) text.remove_prefix(prefix.size());
  }
  const auto end = std::ranges::find_if_not(text, is_name_character) - text.begin();
  return std::string{text.substr(0, static_cast<std::size_t>(end))};
}

/// The text inside brackets that mark a reference.
std::optional<std::string_view> in_reference_brackets(std::string_view value) {
  constexpr auto pairs =
      std::to_array<std::array<std::string_view, 2>>({{"${{", "}}"},  // GitHub Actions
                                                      {"{{", "}}"},   // Jinja, Helm, Go templates
                                                      {"$(", ")"},    // Azure Pipelines, shells
                                                      {"$[", "]"},    // Azure Pipelines
                                                      {"((", "))"},   // Concourse
                                                      {"#{", "}#"},   // "replace tokens" of Azure Pipelines
                                                      {"#{", "}"},    // Octopus Deploy
                                                      {"<%", "%>"}});
  for (const auto& [open, close] : pairs) {
    const auto inner = inside(value, open, close);
    if (inner && !base::trim(*inner).empty()) return inner;
  }
  // ${NAME:-default} and the like: "${a b}" may be a password.
  const auto inner = inside(value, "${", "}");
  if (!inner || !is_name_character(inner->front())) return std::nullopt;
  const auto end = std::ranges::find_if_not(*inner, is_name_character);
  return end == inner->end() || std::string_view{":.-?+["}.find(*end) != std::string_view::npos
             ? inner
             : std::nullopt;
}

/// The name in $NAME, %NAME%, %env.NAME%, $env:NAME, __NAME__ or @@NAME@@; a password may look like these.
std::string variable_without_brackets(std::string_view value, bool is_password) {
  const std::string lower = base::to_lower(value);
  if (lower.starts_with("$env:")) return variable_in(value.substr(1));
  if (lower.starts_with("%env.") && value.ends_with('%')) return variable_in(value.substr(1));
  const auto is_variable = [&](std::string_view name, bool must_be_long) {
    if (!is_name(name)) return false;
    const bool is_long_upper = name.size() >= 8 && base::to_upper(name) == name;
    return is_long_upper || !(is_password || must_be_long);
  };
  if (value.size() > 1 && value.front() == '$' && is_variable(value.substr(1), false))
    return std::string{value.substr(1)};
  if (const auto name = inside(value, "%", "%"); name && is_variable(*name, false)) return std::string{*name};
  for (const std::string_view mark : {"__", "@@"}) {
    if (const auto name = inside(value, mark, mark); name && is_variable(*name, true))
      return std::string{*name};
  }
  return {};
}

bool is_vault_reference(std::string_view value) {
  constexpr auto prefixes = std::to_array<std::string_view>(
      {"op://", "vault://", "vault:secret/", "ref+", "arn:aws:", "@Microsoft.KeyVault(", "keyvault://",
       "awssm://", "gcpsm://", "secretsmanager://", "ENC["});
  return std::ranges::any_of(prefixes, [&](std::string_view prefix) { return value.starts_with(prefix); }) ||
         (value.starts_with("projects/") && value.find("/secrets/") != std::string_view::npos);
}

/// What logs and web pages show instead of a secret.
bool is_masked_copy(std::string_view value) {
  constexpr auto words = std::to_array<std::string_view>(
      {"[masked]", "[redacted]", "(hidden)", "[hidden]", "(redacted)", "[filtered]", "***"});
  if (std::ranges::find(words, base::to_lower(value)) != words.end()) return true;
  for (const std::string_view mark : {"*", "\u2022", "\u25CF", "\u2219"}) {
    std::size_t end = 0;
    while (value.substr(end).starts_with(mark)) end += mark.size();
    if (end == value.size() && end >= 3 * mark.size()) return true;
  }
  return false;
}

/// What Python, JavaScript, Go and templates write for a missing value.
bool is_null_word(std::string_view value) {
  constexpr auto words = std::to_array<std::string_view>({"None", "null", "undefined", "nil", "<nil>"});
  return std::ranges::find(words, value) != words.end();
}

}  // namespace

ValueReference find_reference(std::string_view value, bool is_password) {
  value = base::trim(value);
  if (const auto inner = in_reference_brackets(value))
    return {"a reference to a variable", variable_in(*inner)};
  if (auto name = variable_without_brackets(value, is_password); !name.empty())
    return {"a reference to a variable", std::move(name)};
  if (is_vault_reference(value)) return {"a reference to a secret in a vault", ""};
  if (is_masked_copy(value)) return {"a masked copy of the value", ""};
  if (is_null_word(value)) return {"what a program writes for a missing value", ""};
  return {};
}

}  // namespace config
