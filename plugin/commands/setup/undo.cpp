// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ostream>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/setup/setup.hpp"
#include "docker_config/config_file.hpp"
#include "ui/tty.hpp"

namespace plugin::setup {
namespace {

using docker_config::Change;
using docker_config::ConfigFile;

constexpr int attempts = 5;

/// False when somebody else wrote meanwhile.
bool take_back_once(const Change& change, Context& context) {
  const auto file = ConfigFile::read(change.file);
  if (!file.text) {
    context.out << change.file.string() << " is not there any more\n";
    return true;
  }
  const auto undone = docker_config::take_back(*file.text, change);
  if (undone.text != file.text && !(undone.text ? replace(file, *undone.text) : remove(file))) return false;
  context.out << (undone.text ? "Restored " : "Removed ") << change.file.string() << '\n';
  for (const auto& name : undone.left)
    context.out << "  " << base::printable(name) << " stays: it was changed or is in use since\n";
  for (const auto& login : change.logins)
    context.out << "  the login of " << base::printable(login) << " is gone: docker login makes a new one\n";
  return true;
}

void take_back(const Change& change, Context& context) {
  for (int attempt = 0; attempt < attempts; ++attempt) {
    if (take_back_once(change, context)) return;
  }
  throw base::Error(base::Kind::config,
                    change.file.string() + " is being changed by another program all the time",
                    "wait for that, then run this again");
}

/// Nothing of ours is left of a file's change: no copy, and no folder that was made for it, unless others use
/// it now.
void clear_up(const Change& change) {
  std::error_code ignored;
  std::filesystem::remove(docker_config::backup_of(ConfigFile::read(change.file)), ignored);
  if (change.made_folder.empty()) return;
  for (auto folder = change.file.parent_path(); std::filesystem::remove(folder, ignored);
       folder = folder.parent_path()) {
    if (folder == change.made_folder) return;
  }
}

}  // namespace

void take_back(const Given& given, Context& context) {
  auto record = docker_config::UndoRecord::read(context.environment);
  if (record.changes.empty()) {
    context.out << "There is nothing to undo.\n";
    return;
  }
  std::set<std::filesystem::path> files;
  for (const auto& change : record.changes) files.insert(change.file);
  context.out << "To be as before 'docker snowflake setup':\n";
  for (const auto& file : files) context.out << "  " << file.string() << '\n';
  context.out.flush();
  if (given.dry_run) return;
  if (!given.yes && !ui::confirm("Take it back?", "docker snowflake setup --undo --yes")) {
    context.out << "Nothing was changed.\n";
    return;
  }
  const auto lock = lock_out_others(context);
  while (!record.changes.empty()) {
    const auto change = record.changes.back();
    take_back(change, context);
    record.changes.pop_back();
    record.write();
    const bool is_done =
        std::ranges::find(record.changes, change.file, &Change::file) == record.changes.end();
    if (is_done) clear_up(change);
  }
}

}  // namespace plugin::setup
