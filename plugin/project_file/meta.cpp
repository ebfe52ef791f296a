// SPDX-License-Identifier: Apache-2.0
#include "project_file/meta.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "project_file/mistakes.hpp"

namespace project_file {
namespace {

const std::vector<std::string> meta_keys = {"warehouse",  "role",       "post_deploy",
                                            "use_mixins", "depends_on", "action_arguments"};
constexpr std::size_t max_identifier = 254;

/// The Snowflake CLI is content when an identifier stands anywhere inside.
void check_identifier_inside(const Node& value, const std::string& path) {
  require_text(value, path, "give it one value");
  const auto starts_one = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const bool has_quotes = std::ranges::count(value.text, '"') >= 2;
  if (!has_quotes && std::ranges::none_of(value.text, starts_one)) {
    refuse(value, path, R"(String should match pattern '((?:"[^"]*(?:""[^"]*)*")|(?:[A-Za-z_][\w$]*))')",
           "write an identifier");
  }
  if (value.text.size() > max_identifier)
    refuse(value, path, "String should have at most 254 characters", "shorten it");
}

void check_texts(const Node& list, const std::string& path, const std::string& hint) {
  require_list(list, path, hint);
  for (std::size_t index = 0; index < list.items.size(); ++index)
    require_text(list.items[index], path + "[" + std::to_string(index) + "]", hint);
}

void check_script(const Node& script, const std::string& path) {
  require_mapping(script, path, "write - sql_script: <file>", "SqlScriptHookType");
  const Node* file = script.find("sql_script");
  if (file == nullptr) refuse_missing(script.place, path + ".sql_script", "write - sql_script: <file>");
  check_keys(script, path + ".", {"sql_script"});
  const std::string hint = "name a file below the folder of the project";
  require_text(*file, path + ".sql_script", hint);
  const auto cause = [&](const std::string& why) {
    refuse(*file, path + ".sql_script", "Value error, sql_script " + why, hint);
  };
  if (file->text.empty()) cause("must not be empty");
  const bool has_drive =
      file->text.size() > 2 && file->text[1] == ':' && (file->text[2] == '/' || file->text[2] == '\\');
  if (file->text[0] == '/' || file->text.starts_with("\\\\") || has_drive)
    cause("must be a relative path within the project root, got absolute path: '" + shown(*file) + "'");
  std::string with_slashes = file->text;
  std::ranges::replace(with_slashes, '\\', '/');
  const auto folders = base::split(with_slashes, '/');
  if (std::ranges::find(folders, "..") != folders.end())
    cause("must not contain parent directory references ('..'), got: '" + shown(*file) + "'");
}

}  // namespace

void check_meta(const Node& meta, const std::string& path) {
  require_mapping(meta, path, "write role: or use_mixins: below it", "MetaField");
  check_keys(meta, path + ".", meta_keys);
  for (const auto& [key, value] : meta.members) {
    const std::string place = path + "." + key;
    if (key == "warehouse" || key == "role") {
      check_identifier_inside(value, place);
    } else if (key == "depends_on") {
      check_texts(value, place, "write a list of ids of entities");
    } else if (key == "use_mixins" && !value.is_scalar()) {
      check_texts(value, place, "write a list of names of mixins");
    } else if (key == "post_deploy") {
      require_list(value, place, "write a list of scripts");
      for (std::size_t index = 0; index < value.items.size(); ++index)
        check_script(value.items[index], place + "[" + std::to_string(index) + "]");
    }
  }
}

}  // namespace project_file
