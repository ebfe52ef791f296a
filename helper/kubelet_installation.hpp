// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "kubelet/provider_entry.hpp"
#include "kubelet_undo_record.hpp"

namespace helper {

/// Our entry in this node's kubelet configuration, the program in the kubelet's directory, and what `undo`
/// needs next to them: a record and backups. A kubelet that reads a directory of configuration files skips
/// these because of their extension. A lock keeps other processes from installing or undoing at the same
/// time.
class KubeletInstallation {
public:
  /// `config` and `bin_dir` as the kubelet's flags name them. Throws `config` as `kubelet::config_file_in`.
  KubeletInstallation(const std::filesystem::path& config, const std::filesystem::path& bin_dir);

  const std::filesystem::path& config() const noexcept { return config_; }
  const std::filesystem::path& program() const noexcept { return program_; }

  /// Adds the entry, after checking the whole file by the kubelet's rules, and copies this program. False
  /// when both exist already. Throws `config` without having changed anything. If the process is killed,
  /// `undo` removes what it has written.
  bool install(const kubelet::KubernetesVersion&);
  /// Reverts what `install` changed, and nothing else: an earlier installation works again, and can still be
  /// undone. When it changed nothing, this is `undo`. Throws `config`.
  void roll_back();
  /// Restores the file, its mode and owner, the program and the directories; in a file that was changed
  /// since, only our entry is removed. False when there is nothing to undo. Throws `config`.
  bool undo();
  /// Whether the file contains our entry, however it got there.
  bool has_entry() const;
  /// Whether there was no `record_restart` since the last change, because that process was killed, or was not
  /// to restart the kubelet.
  bool needs_restart() const;
  void record_restart();

private:
  /// What there was at an earlier time; a file without content did not exist.
  struct Earlier {
    UndoRecord changed;  ///< the files that were changed since
    std::optional<std::string> config;
    std::optional<std::string> program;
    std::optional<std::string> config_backup;
    std::optional<std::string> program_backup;
    std::optional<std::string> record;
  };

  std::filesystem::path record_file() const;
  bool is_executable() const;
  std::string merge(const std::string& text, const kubelet::KubernetesVersion&) const;
  void restore(const Earlier&);
  void restore_config(const FileRecord&, const std::optional<std::string>& content);
  static void restore_file(const std::filesystem::path&, const FileRecord&,
                           const std::optional<std::string>& content);

  std::filesystem::path config_;
  std::filesystem::path program_;
  std::optional<Earlier> earlier_;  ///< before `install`
};

}  // namespace helper
