// SPDX-License-Identifier: Apache-2.0
#include "kubelet_installation.hpp"

#include <fcntl.h>

#include <cerrno>
#include <chrono>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/file_change.hpp"
#include "kubelet/node_check.hpp"
#include "kubelet/provider_entry.hpp"
#include "kubelet/provider_rules.hpp"

namespace helper {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::Kind;

constexpr std::size_t max_program = 256U << 20;

/// How long to wait for a process that installs or undoes, which takes less than a second.
constexpr std::chrono::seconds lock_timeout{30};

/// A lock that makes other processes that install or undo here wait. Locks the directory itself, so that no
/// lock file remains. On a file system without locks, there is none. Throws `busy`.
base::Descriptor lock_of(fs::path directory) {
  std::error_code ignored;
  while (directory.has_relative_path() && !fs::exists(directory, ignored))
    directory = directory.parent_path();
  base::Descriptor lock{open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  const auto try_lock = [&] { return !lock.is_open() || base::lock_without_waiting(lock) != EWOULDBLOCK; };
  base::SystemClock clock;
  base::wait_for_lock(try_lock, "kubelet-install in " + directory.string(),
                      base::Deadline{clock, lock_timeout}, clock);
  return lock;
}

/// Removes the temporary files that a killed process left behind (`base::replace_file`).
void remove_unfinished(const fs::path& path) {
  const std::string prefix = "." + path.filename().string() + ".new-";
  std::error_code error;
  for (fs::directory_iterator entry{path.parent_path(), error}, end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    if (entry->path().filename().native().starts_with(prefix)) fs::remove(entry->path(), ignored);
  }
}

/// Replaces a file that still holds `expected`.
void replace(const fs::path& path, const std::string& content, const base::FileOwnership& ownership,
             const std::optional<std::string>& expected) {
  const auto is_same = [&] { return base::read_file(path, max_program) == expected; };
  if (base::replace_file(path, content, ownership, is_same)) return;
  throw Error(Kind::config, path.string() + " was changed by another program in the meantime", "try again");
}

fs::path backup_of(const fs::path& path) {
  return path.parent_path() / ("." + path.filename().string() + ".before-docker-credential-snowflake");
}

void remove_file(const fs::path& path) {
  std::error_code error;
  fs::remove(path, error);
  // If a parent is not a directory, there is no such file.
  if (error && error != std::errc::not_a_directory)
    throw base::file_error("cannot remove", path, error.value());
}

/// Replacing a link would lose it, and writing through it would change a file of another package.
void refuse_link(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_symlink(path, ignored)) return;
  throw Error(Kind::config, path.string() + " is a link to " + fs::read_symlink(path, ignored).string(),
              "remove the link, or replace it with a copy of that file");
}

/// Restores a file that the installation changed, or removes it if it did not exist.
void restore_file(const fs::path& path, const FileRecord& before, const std::optional<std::string>& content) {
  const auto now = base::read_file(path, max_program);
  if (before.existed && content) {
    replace(path, *content, before.ownership, now);
  } else if (!before.existed && now && before.was_replaced_by(*now)) {
    remove_file(path);
  }
}

/// The same for a backup or a record, which belong to the installation.
void put_back(const fs::path& path, const std::optional<std::string>& content) {
  if (!content) {
    remove_file(path);
  } else if (base::read_file(path, max_program) != content) {
    base::write_file(path, *content, 0600);
  }
}

}  // namespace

KubeletInstallation::KubeletInstallation(const fs::path& config, const fs::path& bin_dir)
    : config_(kubelet::config_file_in(config)),
      program_(fs::weakly_canonical(bin_dir) / kubelet::provider_name) {}

bool KubeletInstallation::install(const kubelet::KubernetesVersion& version) {
  const auto lock = lock_of(config_.parent_path());
  const auto read = [](const fs::path& path) { return base::read_file(path, max_program); };
  const auto text = base::read_file(config_);
  const auto installed = read(program_);
  const auto own = read("/proc/self/exe");
  const std::string merged = merge(text.value_or(""), version);
  const bool is_same_config = text == merged;
  const auto program_ownership = base::FileOwnership::of(program_);
  const bool is_executable = program_ownership && (program_ownership->mode & 0111U) == 0111U;
  const bool is_same_program = own == installed && is_executable;
  if (is_same_config && is_same_program) return false;
  // The path of the configuration file is resolved; if it is still a link, its target does not exist.
  if (!is_same_config) refuse_link(config_);
  if (!is_same_program) refuse_link(program_);
  auto record = UndoRecord::read(record_file());
  const bool is_ours = record.program && installed && record.program->was_replaced_by(*installed);
  earlier_ =
      Earlier{{}, text, installed, read(backup_of(config_)), read(backup_of(program_)), read(record_file())};
  auto& changed = earlier_->changed;
  try {
    if (!is_same_config) {
      changed.config = FileRecord::of(config_, merged);
      record.config = changed.config->with_made_directory_of(record.config);
    }
    if (!is_same_program) {
      changed.program = FileRecord::of(program_, *own);
      if (is_ours) {
        // `undo` restores what was there before the first installation. Until the program is replaced, the
        // one that is there is the earlier one.
        record.program->after = {fingerprint(*installed), fingerprint(*own)};
      } else {
        record.program = changed.program->with_made_directory_of(record.program);
      }
    }
    record.needs_restart = true;
    // Before any other change, so that undo can revert them even when this process is killed.
    record.write(record_file());
    if (!is_same_config && text) base::write_file(backup_of(config_), *text, 0600);
    if (!is_same_program && installed && !is_ours) base::write_file(backup_of(program_), *installed, 0600);
    if (!is_same_program) base::write_file(program_, *own, 0755);
    if (!is_same_config) {
      const auto config_ownership = base::FileOwnership::of(config_);
      replace(config_, merged, config_ownership.value_or(base::FileOwnership{.mode = 0644}), text);
    }
  } catch (const Error&) {
    restore(*earlier_);
    throw;
  }
  return true;
}

void KubeletInstallation::roll_back() {
  if (!earlier_) {
    undo();
    return;
  }
  const auto lock = lock_of(config_.parent_path());
  restore(*earlier_);
}

bool KubeletInstallation::undo() {
  const auto lock = lock_of(config_.parent_path());
  const auto record = UndoRecord::read(record_file());
  if (record.is_empty()) return false;
  restore({record,
           base::read_file(backup_of(config_)),
           base::read_file(backup_of(program_), max_program),
           {},
           {},
           {}});
  return true;
}

bool KubeletInstallation::has_entry() const {
  const auto text = base::read_file(config_);
  return text && kubelet::find_our_provider(kubelet::parse_yaml(*text, config_.string())) != nullptr;
}

bool KubeletInstallation::needs_restart() const { return UndoRecord::read(record_file()).needs_restart; }

void KubeletInstallation::record_restart() {
  const auto lock = lock_of(config_.parent_path());
  auto record = UndoRecord::read(record_file());
  if (!record.needs_restart) return;
  record.needs_restart = false;
  record.write(record_file());
}

fs::path KubeletInstallation::record_file() const {
  return config_.parent_path() / ("." + config_.filename().string() + ".undo-docker-credential-snowflake");
}

std::string KubeletInstallation::merge(const std::string& text,
                                       const kubelet::KubernetesVersion& version) const {
  const auto refuse_problems = [&](const std::string& content, const std::string& what) {
    const auto root = kubelet::parse_yaml(content, config_.string());
    const auto problems = kubelet::rejections(root, program_.parent_path(), kubelet::provider_name);
    if (problems.empty()) return;
    throw Error(Kind::config,
                config_.string() + ":" + std::to_string(problems.front().line) + ": " + what +
                    problems.front().message,
                "correct the file; nothing was changed. docker-credential-snowflake kubelet-check lists "
                "everything");
  };
  const auto root = kubelet::parse_yaml(text, config_.string());
  if (root.kind != kubelet::YamlValue::Kind::null)
    refuse_problems(text, "a kubelet does not start with this file: ");
  if (kubelet::find_our_provider(root) != nullptr) return text;
  // Earlier API versions do not have the fields for service accounts.
  const auto* file_version = root.find("apiVersion");
  const bool supports_tokens = file_version == nullptr || file_version->text == "kubelet.config.k8s.io/v1";
  auto merged =
      kubelet::with_our_provider(text, root, version, supports_tokens && version.has_tokens_by_default());
  refuse_problems(merged, "with the entry of this program, a kubelet would not start: ");
  return merged;
}

void KubeletInstallation::restore(const Earlier& earlier) {
  const auto& config = earlier.changed.config;
  const auto& program = earlier.changed.program;
  if (config) restore_config(*config, earlier.config);
  // An entry that existed before needs its program: without it, the kubelet does not start.
  if (program && (program->existed || !has_entry())) restore_file(program_, *program, earlier.program);
  for (const auto& file : {config_, program_, backup_of(config_), backup_of(program_), record_file()})
    remove_unfinished(file);
  put_back(backup_of(config_), earlier.config_backup);
  put_back(backup_of(program_), earlier.program_backup);
  // The record is removed last: until then, undo can be repeated.
  put_back(record_file(), earlier.record);
  if (config) config->remove_made_directories(config_);
  if (program) program->remove_made_directories(program_);
}

/// Must be called before the program is removed: a kubelet does not start with an entry whose program is
/// missing.
void KubeletInstallation::restore_config(const FileRecord& before,
                                         const std::optional<std::string>& content) {
  const auto text = base::read_file(config_);
  if (!text || before.was_replaced_by(*text)) {
    restore_file(config_, before, content);
    return;
  }
  const auto root = kubelet::parse_yaml(*text, config_.string());
  const auto* ours = kubelet::find_our_provider(root);
  if (ours == nullptr) return;
  if (root.find("providers")->items.size() == 1) {
    throw Error(Kind::config,
                config_.string() +
                    " was changed since, and has no other provider: a kubelet does not start with an "
                    "empty list",
                "remove the file, and the kubelet's flags that name it");
  }
  replace(config_, kubelet::without_provider(*text, root, *ours), *base::FileOwnership::of(config_), text);
}

}  // namespace helper
