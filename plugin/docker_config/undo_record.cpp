// SPDX-License-Identifier: Apache-2.0
#include "docker_config/undo_record.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "docker_config/config_file.hpp"

namespace docker_config {
namespace {

constexpr int version = 1;

base::OrderedJson optional_text(const std::optional<std::string>& text) {
  return text ? base::OrderedJson(*text) : base::OrderedJson(nullptr);
}

base::OrderedJson to_json(const Edit& edit) {
  return {{"object", edit.object},
          {"key", edit.key},
          {"was", optional_text(edit.was)},
          {"now", optional_text(edit.now)},
          {"at", edit.at},
          {"removed", edit.removed},
          {"added", edit.added}};
}

Edit edit_of(const base::Json& json) {
  return {json.at("object").get<std::string>(), json.at("key").get<std::string>(),
          base::text_at(json, "was"),           base::text_at(json, "now"),
          json.at("at").get<std::size_t>(),     json.at("removed").get<std::string>(),
          json.at("added").get<std::string>()};
}

base::OrderedJson to_json(const Change& change) {
  auto edits = base::OrderedJson::array();
  for (const auto& edit : change.edits) edits.push_back(to_json(edit));
  return {{"file", change.file.string()},
          {"made_file", change.made_file},
          {"made_folder", change.made_folder.string()},
          {"blank", optional_text(change.blank)},
          {"after", change.after},
          {"edits", edits},
          {"logins", change.logins}};
}

Change change_in(const base::Json& json) {
  Change change;
  change.file = json.at("file").get<std::string>();
  change.made_file = json.at("made_file").get<bool>();
  change.made_folder = json.at("made_folder").get<std::string>();
  change.blank = base::text_at(json, "blank");
  change.after = json.at("after").get<std::string>();
  for (const auto& edit : json.at("edits")) change.edits.push_back(edit_of(edit));
  change.logins = json.at("logins").get<std::vector<std::string>>();
  return change;
}

[[noreturn]] void fail(const std::filesystem::path& file) {
  throw base::Error(base::Kind::config, file.string() + " is not as this program writes it",
                    "move it away; then what was set up before can only be undone by hand");
}

}  // namespace

UndoRecord UndoRecord::read(const base::Environment& environment) {
  UndoRecord record;
  record.file_ = environment.state_home() / "docker-snowflake/setup.json";
  const auto text = ConfigFile::read(record.file_).text;
  if (!text) return record;
  const auto json = base::parse_json(*text).value_or(base::Json{});
  if (base::whole_number_at(json, "version") != version) fail(record.file_);
  try {
    for (const auto& change : json.at("changes")) record.changes.push_back(change_in(change));
  } catch (const base::Json::exception&) {
    fail(record.file_);
  }
  return record;
}

void UndoRecord::write() const {
  const auto file = ConfigFile::read(file_);
  if (changes.empty()) {
    if (!file.text) return;
    docker_config::remove(file);
    std::error_code not_empty;
    std::filesystem::remove(file_.parent_path(), not_empty);
    return;
  }
  base::OrderedJson json = {{"version", version}, {"changes", base::OrderedJson::array()}};
  for (const auto& change : changes) json["changes"].push_back(to_json(change));
  std::string text;
  try {
    text = json.dump(1) + "\n";
  } catch (const base::OrderedJson::exception&) {
    throw base::Error(base::Kind::config, "a path that is not UTF-8 cannot be noted for 'setup --undo'",
                      "set up what lies below a folder with another name");
  }
  docker_config::replace(file, text);
}

}  // namespace docker_config
