// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ostream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/setup/setup.hpp"
#include "docker_config/config_file.hpp"

namespace plugin::setup {
namespace {

using docker_config::ConfigFile;
using docker_config::Edit;
using docker_config::Plan;

/// As often as somebody else may write meanwhile.
constexpr int attempts = 5;
constexpr std::chrono::seconds timeout_with_others{10};

std::string line_of(const Edit& edit) {
  const std::string sign = !edit.now ? "-" : edit.was ? "~" : "+";
  std::string line =
      "  " + sign + " " + (edit.object.empty() ? "" : edit.object + "  ") + base::printable(edit.key);
  if (edit.now) line += "  " + *edit.now;
  if (edit.now && edit.was) line += "  (was " + base::printable(*edit.was, 60) + ")";
  return line;
}

/// The members that hold the others say nothing by themselves.
bool is_empty_object(const Edit& edit) { return edit.object.empty() && edit.now == "{}"; }

/// What the record knows already is not as it was at first.
bool is_known(const docker_config::UndoRecord& record, const ConfigFile& file) {
  return std::ranges::find(record.changes, file.path, &docker_config::Change::file) != record.changes.end();
}

void back_up(const ConfigFile& file) {
  std::error_code ignored;
  const auto backup = docker_config::backup_of(file);
  if (!file.text || base::trim(*file.text).empty() || std::filesystem::exists(backup, ignored)) return;
  auto ownership = file.ownership;
  ownership.mode = 0600;
  static_cast<void>(base::replace_file(backup, docker_config::without_secrets(*file.text, file.path.string()),
                                       ownership, [] { return true; }));
}

bool write_once(const ConfigFile& file, const Plan& plan, docker_config::UndoRecord& record) {
  docker_config::require_writable(file);
  if (!is_known(record, file)) back_up(file);
  // First the record: who is cut off in between has one that leads nowhere, not a change without a way back.
  record.changes.push_back(docker_config::change_of(file.path, file.text, plan));
  const auto forget = [&record] {
    record.changes.pop_back();
    record.write();
  };
  try {
    record.write();
    if (docker_config::replace(file, plan.text)) return true;
  } catch (...) {
    forget();
    throw;
  }
  forget();
  return false;
}

}  // namespace

base::FileLock lock_out_others(Context& context) {
  return {context.environment.runtime_folder() / "docker-snowflake-setup.lock",
          "another 'docker snowflake setup'", base::Deadline{context.clock, timeout_with_others},
          context.clock};
}

void show(const Target& target, const Plan& plan, Context& context) {
  const auto file = ConfigFile::read(target.file);
  docker_config::require_writable(file);
  context.out << target.file.string() << (file.text ? "" : " (new)") << '\n';
  for (const auto& edit : plan.edits) {
    if (!is_empty_object(edit)) context.out << line_of(edit) << '\n';
  }
  for (const auto& login : plan.old_logins) {
    context.out << "  - auths  " << base::printable(login)
                << "  (an old login; it does not come back with --undo)\n";
  }
}

void write(const Target& target, docker_config::UndoRecord& record, Context& context) {
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const auto file = ConfigFile::read(target.file);
    const auto plan = docker_config::plan(file.text.value_or(""), target.file.string(), target.wish);
    if (plan.is_empty()) return;
    if (!write_once(file, plan, record)) continue;
    context.out << "Wrote " << target.file.string() << '\n';
    return;
  }
  throw base::Error(base::Kind::config,
                    target.file.string() + " is being changed by another program all the time",
                    "wait for that, then run this again");
}

}  // namespace plugin::setup
