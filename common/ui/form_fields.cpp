// SPDX-License-Identifier: Apache-2.0
#include "ui/form_fields.hpp"

#include <charconv>

#include "base/json.hpp"
#include "base/text.hpp"

namespace ui {
namespace {

std::optional<std::string> unescape(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      result += ' ';
    } else if (text[i] != '%') {
      result += text[i];
    } else {
      const auto digits = text.substr(i + 1, 2);
      unsigned byte = 0;
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
      if (digits.size() != 2 || error != std::errc{} || end != digits.data() + 2) return std::nullopt;
      result += static_cast<char>(byte);
      i += 2;
    }
  }
  return result;
}

}  // namespace

std::optional<Fields> parse_form(std::string_view text) {
  Fields fields;
  for (const auto& pair : base::split(text, '&')) {
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    const auto name = unescape(std::string_view{pair}.substr(0, equals));
    const auto value = unescape(std::string_view{pair}.substr(std::min(equals + 1, pair.size())));
    if (!name || !value || !fields.emplace(*name, base::Secret{*value}).second) return std::nullopt;
  }
  return fields;
}

std::optional<Fields> parse_json_fields(std::string_view text) {
  const auto json = base::parse_json(text);
  if (!json || !json->is_object()) return std::nullopt;
  Fields fields;
  for (const auto& [name, value] : json->items()) {
    if (value.is_string()) fields.emplace(name, base::Secret{value.get_ref<const std::string&>()});
    if (value.is_boolean()) fields.emplace(name, base::Secret{value.get<bool>() ? "true" : "false"});
  }
  return fields;
}

Fields fields_of_address(std::string_view address) {
  address = base::trim(address);
  address = address.substr(0, address.find('#'));
  const auto query = address.find('?');
  if (query == std::string_view::npos) return {};
  return parse_form(address.substr(query + 1)).value_or(Fields{});
}

std::string_view value_of(const Fields& fields, std::string_view name) {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string_view{} : found->second.reveal();
}

}  // namespace ui
