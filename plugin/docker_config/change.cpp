// SPDX-License-Identifier: Apache-2.0
#include "docker_config/change.hpp"

#include <algorithm>

#include "base/fingerprint.hpp"
#include "base/text.hpp"

namespace docker_config {
namespace {

std::optional<std::string> revert_all(std::string text, const std::vector<Edit>& edits) {
  std::optional<std::string> result = std::move(text);
  for (auto edit = edits.rbegin(); result && edit != edits.rend(); ++edit) result = revert(*result, *edit);
  return result;
}

/// What Docker keeps since then in the store that it was given.
bool has_logins(const JsonText& json) {
  const auto* logins = find_member(json, "", "auths");
  return logins != nullptr && !logins->value.members.empty();
}

Undone take_back_by_name(const std::string& text, const Change& change) {
  auto json = JsonText::parse(text, change.file.string());
  Undone undone;
  for (auto edit = change.edits.rbegin(); edit != change.edits.rend(); ++edit) {
    const bool is_in_use = edit->object.empty() && edit->key == "credsStore" && has_logins(json);
    const auto opposite = is_in_use ? std::nullopt : inverse(json, *edit);
    if (opposite) {
      json = JsonText::parse(apply(json.text(), *opposite), change.file.string());
    } else if (find_member(json, edit->object, edit->key) != nullptr) {
      undone.left.push_back(edit->object.empty() ? edit->key : edit->object + "." + edit->key);
    }
  }
  const bool nothing_left = json.root().members.empty();
  undone.text = nothing_left && (change.made_file || change.blank) ? no_settings : json.text();
  return undone;
}

std::filesystem::path outermost_missing(std::filesystem::path folder) {
  std::filesystem::path missing;
  std::error_code ignored;
  while (folder.has_relative_path() && !std::filesystem::exists(folder, ignored)) {
    missing = folder;
    folder = folder.parent_path();
  }
  return missing;
}

}  // namespace

std::string mark_of(const std::string& text) { return base::Fingerprint{}.add(text).hex(); }

Change change_of(const std::filesystem::path& file, const std::optional<std::string>& before,
                 const Plan& plan) {
  Change change;
  change.file = file;
  change.made_file = !before.has_value();
  if (change.made_file) change.made_folder = outermost_missing(file.parent_path());
  if (before && base::trim(*before).empty()) change.blank = before;
  change.after = mark_of(plan.text);
  change.edits = plan.edits;
  change.logins = plan.old_logins;
  return change;
}

Undone take_back(const std::string& text, const Change& change) {
  Undone undone;
  if (mark_of(text) == change.after) undone.text = revert_all(text, change.edits);
  if (!undone.text) undone = take_back_by_name(text, change);
  if (undone.text == no_settings && change.made_file) undone.text.reset();
  if (undone.text == no_settings && change.blank) undone.text = change.blank;
  return undone;
}

}  // namespace docker_config
