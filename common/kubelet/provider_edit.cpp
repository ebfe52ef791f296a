// SPDX-License-Identifier: Apache-2.0
#include "kubelet/provider_edit.hpp"

#include <algorithm>

namespace kubelet {
namespace {

std::string newline_of(const std::string& text) {
  return text.find("\r\n") == std::string::npos ? "\n" : "\r\n";
}

std::size_t start_of_line(const std::string& text, std::size_t at) {
  const auto newline = at == 0 ? std::string::npos : text.rfind('\n', at - 1);
  return newline == std::string::npos ? 0 : newline + 1;
}

/// Before the characters that end the line.
std::size_t end_of_line(const std::string& text, std::size_t at) {
  const auto newline = std::min(text.find('\n', at), text.size());
  return newline > at && text[newline - 1] == '\r' ? newline - 1 : newline;
}

/// What is in front of a value on its line, when that is white space only.
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
  if (providers.items.empty()) return provider_entry_json(version, with_tokens);
  const auto margin = margin_at(text, providers.items.front().begin);
  if (margin.empty()) return ", " + provider_entry_json(version, with_tokens);
  const auto outer = margin_at(text, text.find_first_not_of(" \t", start_of_line(text, providers.begin)));
  const int unit = margin.size() > outer.size() ? static_cast<int>(margin.size() - outer.size()) : 2;
  const auto newline = newline_of(text);
  std::string result = "," + newline + margin;
  for (const char c : provider_entry_json(version, with_tokens, unit)) {
    if (c == '\n') {
      result += newline + margin;
    } else {
      result += c;
    }
  }
  return result;
}

}  // namespace

bool has_item(const YamlValue* list, std::string_view text) {
  return list != nullptr && std::ranges::find(list->items, text, &YamlValue::text) != list->items.end();
}

const YamlValue* find_our_provider(const YamlValue& root) {
  const auto* providers = root.find("providers");
  if (providers == nullptr) return nullptr;
  for (const auto& provider : providers->items) {
    const auto* name = provider.find("name");
    const bool is_named =
        name != nullptr && (name->text == provider_name || name->text.ends_with(provider_word));
    if (is_named || has_item(provider.find("args"), provider_word)) return &provider;
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
  const auto lines =
      block_lines(newline_of(text), providers->column, provider_entry_yaml(version, with_tokens));
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
