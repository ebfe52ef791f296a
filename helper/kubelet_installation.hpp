// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "kubelet/provider_entry.hpp"
#include "kubelet_undo_record.hpp"

namespace helper {

/// This program's entry in the node's kubelet configuration, the program in the kubelet's provider directory,
/// and the record and backups for `undo` next to them. A kubelet that reads all configuration files of a
/// directory skips these because of their extension. A lock keeps other processes from installing or undoing
/// at the same time: all functions that change something throw `busy` when another process does not release
/// it.
class KubeletInstallation {
public:
  /// `config` and `bin_dir` are the values of the kubelet's flags. Throws `config` like
  /// `kubelet::config_file_in`.
  KubeletInstallation(const std::filesystem::path& config, const std::filesystem::path& bin_dir);

  /// The file with the entry.
  const std::filesystem::path& config() const noexcept { return config_; }
  /// The installed program.
  const std::filesystem::path& program() const noexcept { return program_; }

  /// Adds the entry, after checking the whole file by the kubelet's rules, and copies this program. False
  /// when both exist already. When it throws `config`, nothing has changed. If the process is killed, `undo`
  /// removes what it has written.
  bool install(const kubelet::KubernetesVersion&);
  /// Reverts what `install` changed, and nothing else: an earlier installation works again, and can still be
  /// undone. When it changed nothing, this is `undo`. Throws `config`.
  void roll_back();
  /// Restores the file, its mode and owner, the program and the directories; in a file that was changed
  /// since, only this program's entry is removed. False when there is nothing to undo. Throws `config`.
  bool undo();
  /// Whether the file contains this program's entry, even if `install` did not write it.
  bool has_entry() const;
  /// Whether the kubelet must be restarted: there was no `record_restart` since the last change.
  bool needs_restart() const;
  /// Records that the kubelet was restarted.
  void record_restart();

private:
  /// The files at an earlier time; absent content: the file did not exist.
  struct Earlier {
    UndoRecord changed;  ///< the files that were changed since
    std::optional<std::string> config;
    std::optional<std::string> program;
    std::optional<std::string> config_backup;
    std::optional<std::string> program_backup;
    std::optional<std::string> record;
  };

  std::filesystem::path record_file() const;
  std::string merge(const std::string& text, const kubelet::KubernetesVersion&) const;
  void restore(const Earlier&);
  void restore_config(const FileRecord&, const std::optional<std::string>& content);

  std::filesystem::path config_;
  std::filesystem::path program_;
  std::optional<Earlier> earlier_;  ///< before `install`
};

}  // namespace helper
