// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ostream>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/setup/setup.hpp"
#include "docker_config/config_file.hpp"
#include "ui/tty.hpp"

namespace plugin::commands::setup {
namespace {

using docker_config::Change;
using docker_config::ConfigFile;

bool undo_once(const Change& change, Context& context) {
  const auto file = ConfigFile::read(change.file);
  if (!file.text) {
    context.out << change.file.string() << " no longer exists\n";
    return true;
  }
  const auto undone = docker_config::undo(*file.text, change);
  if (undone.text != file.text && !(undone.text ? replace(file, *undone.text) : remove(file))) return false;
  context.out << (undone.text ? "Restored " : "Removed ") << change.file.string() << '\n';
  for (const auto& name : undone.kept)
    context.out << "  " << base::printable(name) << " stays: it was changed since, or is in use\n";
  for (const auto& login : change.logins)
    context.out << "  the old login to " << base::printable(login)
                << " is gone: docker login makes a new one\n";
  return true;
}

/// Removes the copy of a file, and the folders that were made for it unless others use them now.
void clean_up(const Change& change) {
  std::error_code ignored;
  std::filesystem::remove(docker_config::backup_of(ConfigFile::read(change.file)), ignored);
  if (change.made_folder.empty()) return;
  for (auto folder = change.file.parent_path(); std::filesystem::remove(folder, ignored);
       folder = folder.parent_path()) {
    if (folder == change.made_folder) return;
  }
}

bool is_confirmed(const SetupOptions& options, Context& context) {
  context.out.flush();
  if (options.dry_run) return false;
  if (options.yes || ui::confirm("Undo this?", "docker snowflake setup --undo --yes")) return true;
  context.out << "Nothing was changed.\n";
  return false;
}

void undo_recorded(docker_config::UndoRecord record, const SetupOptions& options, Context& context) {
  std::set<std::filesystem::path> files;
  for (const auto& change : record.changes) files.insert(change.file);
  context.out << "These files will be restored to what they were before 'docker snowflake setup':\n";
  for (const auto& file : files) context.out << "  " << file.string() << '\n';
  if (!is_confirmed(options, context)) return;
  const auto lock = lock_out_others(context);
  while (!record.changes.empty()) {
    const auto change = record.changes.back();
    docker_config::retry_change(change.file, [&] { return undo_once(change, context); });
    record.changes.pop_back();
    record.write();
    const bool is_done =
        std::ranges::find(record.changes, change.file, &Change::file) == record.changes.end();
    if (is_done) clean_up(change);
  }
}

docker_config::Plan removal_of(const ConfigFile& file) {
  return docker_config::plan_removal(file.text.value_or(""), file.path.string());
}

/// The record is lost, or the entries were written by hand.
void remove_own_entries(const SetupOptions& options, Context& context) {
  const auto& environment = context.environment;
  std::vector<std::filesystem::path> files;
  for (const auto& path :
       {docker_config::docker_file(environment, context.docker_config),
        docker_config::containers_file(environment), docker_config::helm_file(environment)}) {
    const auto plan = removal_of(ConfigFile::read(path));
    if (plan.is_empty()) continue;
    if (files.empty()) context.out << "There is no record of a setup. To be removed:\n";
    context.out << path.string() << '\n';
    for (const auto& edit : plan.edits)
      context.out << "  - " << (edit.object.empty() ? "" : edit.object + "  ") << base::printable(edit.key)
                  << '\n';
    files.push_back(path);
  }
  if (files.empty()) {
    context.out << "There is nothing to undo.\n";
    return;
  }
  if (!is_confirmed(options, context)) return;
  const auto lock = lock_out_others(context);
  for (const auto& path : files) {
    docker_config::retry_change(path, [&] {
      const auto file = ConfigFile::read(path);
      const auto plan = removal_of(file);
      return plan.is_empty() || replace(file, plan.text);
    });
    context.out << "Wrote " << path.string() << '\n';
  }
}

}  // namespace

void undo(const SetupOptions& options, Context& context) {
  auto record = docker_config::UndoRecord::read(context.environment);
  if (record.changes.empty()) return remove_own_entries(options, context);
  undo_recorded(std::move(record), options, context);
}

}  // namespace plugin::commands::setup
