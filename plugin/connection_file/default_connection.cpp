// SPDX-License-Identifier: Apache-2.0
#include "connection_file/default_connection.hpp"

#include <algorithm>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/config_file.hpp"
#include "settings_file/toml_lines.hpp"

namespace plugin::connection_file {
namespace {

bool is_same(const config::TomlValue& left, const config::TomlValue& right);

/// Whether two tables have the same members in the same order, `key` aside.
bool is_same_but(std::string_view key, const config::TomlValue& left, const config::TomlValue& right) {
  const auto others = [key](const config::TomlValue& table) {
    std::vector<const config::TomlMember*> members;
    for (const auto& member : table.members) {
      if (member.key != key) members.push_back(&member);
    }
    return members;
  };
  return std::ranges::equal(others(left), others(right), [](const auto* one, const auto* other) {
    return one->key == other->key && is_same(one->value, other->value);
  });
}

bool is_same(const config::TomlValue& left, const config::TomlValue& right) {
  return left.type == right.type && left.text.reveal() == right.text.reveal() && is_same_but("", left, right);
}

}  // namespace

std::string with_default_connection(const std::string& text, const std::string& name,
                                    const std::string& connection) {
  constexpr const char* key = "default_connection_name";
  const auto root = config::parse_toml(text, name);
  auto lines = settings_file::lines_of(text);
  unsigned line = 1;
  if (const auto* old = root.find(key)) {
    line = old->line;
    lines[line - 1] =
        settings_file::with_value(lines[line - 1], settings_file::toml_quoted(connection), name, line);
  } else {
    settings_file::add_to_root(lines, std::string{key} + " = " + settings_file::toml_quoted(connection));
  }
  auto changed = base::join(lines, "");
  try {
    const auto after = config::parse_toml(changed, name);
    const auto* value = after.find(key);
    if (value != nullptr && value->text.reveal() == connection && is_same_but(key, root, after))
      return changed;
  } catch (const base::Error&) {
    // It is not TOML any more.
  }
  settings_file::refuse_form(name, line);
}

}  // namespace plugin::connection_file
