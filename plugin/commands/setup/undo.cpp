// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <ostream>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/user_file.hpp"
#include "commands/setup/setup.hpp"
#include "docker_config/container_tools.hpp"

namespace plugin::commands::setup {
namespace {

using base::UserFile;
using docker_config::Change;

/// What became of a file, after all changes to it were undone.
struct FileAfter {
  std::string state;
  std::vector<std::string> notes;
};

/// Adds a note about everything that undoing this change did not restore.
void add_notes(const docker_config::Undone& undone, const Change& change, FileAfter& after) {
  const auto note = [&](const std::string& sentence) {
    if (std::ranges::find(after.notes, sentence) == after.notes.end()) after.notes.push_back(sentence);
  };
  for (const auto& name : undone.kept)
    note(base::printable(name) + " was kept: it was changed afterwards, or is in use");
  for (const auto& login : change.logins)
    note("the old login to " + base::printable(login) + " is gone: docker login makes a new one");
}

bool undo_once(const UserFile& file, const Change& change, FileAfter& after) {
  if (!file.text) {
    if (after.state.empty()) after.state = "No longer exists: ";
    return true;
  }
  const auto undone = docker_config::undo(*file.text, change);
  if (undone.text != file.text && !(undone.text ? file.replace(*undone.text) : file.remove())) return false;
  after.state = undone.text ? "Restored " : "Removed ";
  add_notes(undone, change, after);
  return true;
}

void print(const std::filesystem::path& file, const FileAfter& after, Context& context) {
  context.out << after.state << file.string() << '\n';
  for (const auto& note : after.notes) context.out << "  " << note << '\n';
}

/// Removes the backup of a file, and the directories that were made for it unless others use them now.
void clean_up(const Change& change) {
  std::error_code ignored;
  std::filesystem::remove(UserFile::read(change.file).backup(), ignored);
  if (change.made_directory.empty()) return;
  for (auto directory = change.file.parent_path(); std::filesystem::remove(directory, ignored);
       directory = directory.parent_path()) {
    if (directory == change.made_directory) return;
  }
}

/// Says whether undoing will restore the file or remove it, because it did not exist before.
void announce(const std::filesystem::path& path, const docker_config::UndoRecord& record, Context& context) {
  FileAfter after{"  no longer exists:    ", {}};
  auto text = UserFile::read(path).text;
  for (auto change = record.changes.rbegin(); change != record.changes.rend() && text; ++change) {
    if (change->file != path) continue;
    const auto undone = docker_config::undo(*text, *change);
    add_notes(undone, *change, after);
    text = undone.text;
    after.state = text ? "  will be restored:    " : "  will be removed:     ";
  }
  print(path, after, context);
}

/// The connection is also the Snowflake CLI's, and stored sessions end by themselves.
void print_what_stays(Context& context) {
  try {
    const auto& connections = context.resolver.connections();
    for (const auto& name : connections.names()) {
      const auto connection = connections.named(name);
      const auto origin = connection.origins.find("account");
      if (origin == connection.origins.end()) continue;
      const auto key = connection.text("private_key_file");
      context.out << "  will stay:           connection '" << base::printable(name, 100) << "' in "
                  << origin->second << (connection.has("password") ? ", with its password" : "")
                  << (connection.has("token") ? ", with its token" : "")
                  << (key.empty() ? "" : ", and its key " + base::shown_path(key)) << '\n';
    }
    if (!connections.names().empty())
      context.out
          << "  will stay:           stored sessions and tokens (docker snowflake logout removes them)\n";
  } catch (const base::Error&) {
    // Undoing needs no connections: their file may be broken.
  }
}

void undo_recorded(docker_config::UndoRecord record, const SetupOptions& options, Context& context) {
  std::set<std::filesystem::path> files;
  for (const auto& change : record.changes) files.insert(change.file);
  context.out << "What 'docker snowflake setup' wrote will be undone:\n";
  for (const auto& file : files) announce(file, record, context);
  if (record.interactive)
    context.out << "  will be removed:     interactive in " << context.resolver.paths().settings.string()
                << '\n';
  print_what_stays(context);
  if (!is_confirmed(options, context)) return;
  const auto lock = lock_setup(context);
  std::map<std::filesystem::path, FileAfter> undone;
  while (!record.changes.empty()) {
    const auto change = record.changes.back();
    auto& after = undone[change.file];
    UserFile::change(change.file, [&](const UserFile& file) { return undo_once(file, change, after); });
    record.changes.pop_back();
    record.write();
    const bool is_done =
        std::ranges::find(record.changes, change.file, &Change::file) == record.changes.end();
    if (!is_done) continue;
    clean_up(change);
    print(change.file, after, context);
  }
  if (record.interactive) undo_interactive(*record.interactive, context);
  record.interactive.reset();
  record.write();
}

docker_config::Plan removal_of(const UserFile& file) {
  return docker_config::plan_removal(file.text.value_or(""), file.path.string());
}

/// The record is lost, or the entries were written by hand.
void remove_own_entries(const SetupOptions& options, Context& context) {
  const auto& environment = context.environment;
  std::vector<std::filesystem::path> files;
  for (const auto& path :
       {docker_config::docker_file(environment, context.docker_config),
        docker_config::containers_file(environment), docker_config::helm_file(environment)}) {
    const auto plan = removal_of(UserFile::read(path));
    if (plan.is_empty()) continue;
    if (files.empty()) context.out << "There is no record of a setup. To be removed:\n";
    context.out << path.string() << '\n';
    for (const auto& edit : plan.edits)
      context.out << "  - " << (edit.object.empty() ? "" : edit.object + "  ") << base::printable(edit.key)
                  << (edit.object.empty() && edit.key == "credHelpers" ? "  (nothing else is in it)" : "")
                  << '\n';
    files.push_back(path);
  }
  if (files.empty()) {
    context.out << "There is nothing to undo.\n";
    return;
  }
  print_what_stays(context);
  if (!is_confirmed(options, context)) return;
  const auto lock = lock_setup(context);
  for (const auto& path : files) {
    UserFile::change(path, [](const UserFile& file) {
      const auto plan = removal_of(file);
      return plan.is_empty() || file.replace(plan.text);
    });
    context.out << "Wrote " << path.string() << '\n';
  }
}

}  // namespace

void undo(const SetupOptions& options, Context& context) {
  auto record = docker_config::UndoRecord::read(context.environment);
  if (record.is_empty()) return remove_own_entries(options, context);
  undo_recorded(std::move(record), options, context);
}

}  // namespace plugin::commands::setup
