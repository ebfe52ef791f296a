// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/file_lock.hpp"
#include "context.hpp"
#include "docker_config/plan.hpp"
#include "docker_config/undo_record.hpp"

/// The parts of 'docker snowflake setup'.
namespace plugin::setup {

/// Its command line.
struct Given {
  std::vector<std::string> hosts;
  std::vector<std::string> connections;
  std::optional<std::string> docker_config;
  bool asks_server = false;
  bool podman = false;
  bool keeps_logins = false;
  bool yes = false;
  bool dry_run = false;
  bool without_sign_in = false;
};

/// The registries that are meant.
struct Registries {
  std::vector<std::string> hosts;
  std::vector<std::string> notes;  ///< sentences about connections that lead to none
};
/// Those given, or that the given connections lead to, or that any connection leads to. Throws `usage` for a
/// host that is no registry, `not_found` for one that no connection leads to, `config` when there is none at
/// all.
Registries find_registries(const Given&, Context&);

/// A file, and what it is to say.
struct Target {
  std::filesystem::path file;
  docker_config::Wish wish;
};
/// The files of the container tools that there are, or were asked for.
std::vector<Target> targets_for(const Given&, const std::vector<std::string>& hosts, Context&);

/// As long as it lives nobody else writes these files by way of this command. Throws `network` when somebody
/// does, for long.
base::FileLock lock_out_others(Context&);

/// Shows what would change in a file. Throws `config` when it is not JSON, or cannot be written.
void show(const Target&, const docker_config::Plan&, Context&);
/// Writes what `show` showed, on top of what others wrote meanwhile, and notes in the record how it was.
/// Throws `config`; then neither the file nor the record is other than before.
void write(const Target&, docker_config::UndoRecord&, Context&);

/// Takes everything back that the record knows, last to first. Throws `config`.
void take_back(const Given&, Context&);

/// Signs in and asks each registry for its first page, then says how to push. Throws when one does not
/// answer.
void prove(const std::vector<std::string>& hosts, Context&);

}  // namespace plugin::setup
