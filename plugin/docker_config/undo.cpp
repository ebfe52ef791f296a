// SPDX-License-Identifier: Apache-2.0
#include "docker_config/undo.hpp"

#include <unistd.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/user_file.hpp"
#include "docker_config/docker_config.hpp"

namespace plugin::docker_config {
namespace {

constexpr int version = 1;

std::optional<std::string> revert_all(std::string text, const std::vector<Edit>& edits) {
  std::optional<std::string> result = std::move(text);
  for (auto edit = edits.rbegin(); result && edit != edits.rend(); ++edit) result = revert(*result, *edit);
  return result;
}

/// Docker may keep them in the store that it was given.
bool has_logins(const JsonText& json) {
  const auto* auths = find_member(json, "", "auths");
  return auths != nullptr && !auths->value.members.empty();
}

Undone undo_by_name(const std::string& text, const Change& change) {
  auto json = JsonText::parse(text, change.file.string());
  Undone undone;
  for (auto edit = change.edits.rbegin(); edit != change.edits.rend(); ++edit) {
    const bool is_in_use = edit->object.empty() && edit->key == "credsStore" && has_logins(json);
    const auto opposite = is_in_use ? std::nullopt : inverse(json, *edit);
    if (opposite) {
      json = JsonText::parse(apply(json.text(), *opposite), change.file.string());
    } else if (find_member(json, edit->object, edit->key) != nullptr) {
      undone.kept.push_back(edit->object.empty() ? edit->key : edit->object + "." + edit->key);
    }
  }
  const bool nothing_left = json.root().members.empty();
  undone.text = nothing_left && (change.made_file || change.blank) ? empty_config : json.text();
  return undone;
}

std::filesystem::path outermost_missing(std::filesystem::path directory) {
  std::filesystem::path missing;
  std::error_code ignored;
  while (directory.has_relative_path() && !std::filesystem::exists(directory, ignored)) {
    missing = directory;
    directory = directory.parent_path();
  }
  return missing;
}

/// A piece of a file need not be UTF-8, which JSON strings must be: then it is a list of bytes.
base::OrderedJson piece(const std::optional<std::string>& text) {
  if (!text) return nullptr;
  if (base::parse_json(quoted(*text)) == base::Json(*text)) return *text;
  auto bytes = base::OrderedJson::array();
  for (const char c : *text) bytes.push_back(static_cast<unsigned char>(c));
  return bytes;
}

std::optional<std::string> piece_at(const base::Json& json, const char* name) {
  const auto& value = json.at(name);
  if (value.is_null()) return std::nullopt;
  if (value.is_string()) return value.get<std::string>();
  std::string text;
  for (const auto byte : value.get<std::vector<unsigned char>>()) text += static_cast<char>(byte);
  return text;
}

base::OrderedJson to_json(const Edit& edit) {
  return {{"object", edit.object},     {"key", edit.key}, {"was", piece(edit.was)},
          {"now", piece(edit.now)},    {"at", edit.at},   {"removed", piece(edit.removed)},
          {"added", piece(edit.added)}};
}

Edit edit_of(const base::Json& json) {
  return {json.at("object").get<std::string>(),
          json.at("key").get<std::string>(),
          piece_at(json, "was"),
          piece_at(json, "now"),
          json.at("at").get<std::size_t>(),
          piece_at(json, "removed").value_or(""),
          piece_at(json, "added").value_or("")};
}

base::OrderedJson to_json(const Change& change) {
  auto edits = base::OrderedJson::array();
  for (const auto& edit : change.edits) edits.push_back(to_json(edit));
  return {{"file", change.file.string()},
          {"made_file", change.made_file},
          {"made_directory", change.made_directory.string()},
          {"blank", piece(change.blank)},
          {"after", change.after},
          {"edits", edits},
          {"logins", change.logins}};
}

Change change_in(const base::Json& json) {
  Change change;
  change.file = json.at("file").get<std::string>();
  change.made_file = json.at("made_file").get<bool>();
  change.made_directory = json.at("made_directory").get<std::string>();
  change.blank = piece_at(json, "blank");
  change.after = json.at("after").get<std::string>();
  for (const auto& edit : json.at("edits")) change.edits.push_back(edit_of(edit));
  change.logins = json.at("logins").get<std::vector<std::string>>();
  return change;
}

void require_written(bool is_written, const std::filesystem::path& file) {
  if (is_written) return;
  throw base::Error(base::Kind::config, file.string() + " was changed by another program just now",
                    "run this again");
}

[[noreturn]] void fail(const std::filesystem::path& file) {
  throw base::Error(
      base::Kind::config, file.string() + " is not as this program writes it",
      "move it away; 'docker snowflake setup --undo' then only removes the entries of this program");
}

}  // namespace

std::string fingerprint_of(const std::string& text) { return base::Fingerprint{}.add(text).hex(); }

Change change_of(const std::filesystem::path& file, const std::optional<std::string>& before,
                 const Plan& plan) {
  Change change;
  change.file = file;
  change.made_file = !before.has_value();
  if (change.made_file) change.made_directory = outermost_missing(file.parent_path());
  if (before && is_blank(*before)) change.blank = before;
  change.after = fingerprint_of(plan.text);
  change.edits = plan.edits;
  for (const auto& key : plan.old_logins) change.logins.push_back(without_user_info(key));
  return change;
}

Undone undo(const std::string& text, const Change& change) {
  Undone undone;
  if (fingerprint_of(text) == change.after) undone.text = revert_all(text, change.edits);
  if (!undone.text) undone = undo_by_name(text, change);
  if (undone.text == empty_config && change.made_file) undone.text.reset();
  if (undone.text == empty_config && change.blank) undone.text = change.blank;
  return undone;
}

UndoRecord UndoRecord::read(const base::Environment& environment) {
  UndoRecord record;
  record.file_ = environment.state_file("setup.json");
  if (record.file_.empty()) return record;
  const auto file = base::UserFile::read(record.file_);
  if (!file.text) return record;
  if (file.ownership.user != geteuid() && file.ownership.user != 0) {
    throw base::Error(base::Kind::config, record.file_.string() + " belongs to another user",
                      "run this as that user, without sudo");
  }
  const auto json = base::parse_json(*file.text).value_or(base::Json{});
  if (base::whole_number_at(json, "version") != version) fail(record.file_);
  try {
    for (const auto& change : json.at("changes")) record.changes.push_back(change_in(change));
    if (json.contains("interactive")) record.interactive = json.at("interactive").get<std::string>();
  } catch (const base::Json::exception&) {
    fail(record.file_);
  }
  return record;
}

void UndoRecord::write() const {
  // Without a home directory, undo finds what to remove by its name.
  if (file_.empty()) return;
  const auto file = base::UserFile::read(file_);
  if (is_empty()) {
    if (!file.text) return;
    require_written(file.remove(), file_);
    std::error_code not_empty;
    std::filesystem::remove(file_.parent_path(), not_empty);
    return;
  }
  base::OrderedJson json = {{"version", version}, {"changes", base::OrderedJson::array()}};
  for (const auto& change : changes) json["changes"].push_back(to_json(change));
  if (interactive) json["interactive"] = *interactive;
  std::string text;
  try {
    text = json.dump(1) + "\n";
  } catch (const base::OrderedJson::exception&) {
    throw base::Error(base::Kind::config, "a path that is not UTF-8 cannot be recorded for 'setup --undo'",
                      "rename that directory");
  }
  require_written(file.replace(text), file_);
}

}  // namespace plugin::docker_config
