// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/file_change.hpp"
#include "connection_file/new_connection.hpp"
#include "context.hpp"
#include "docker_config/plan.hpp"
#include "docker_config/undo.hpp"

/// The parts of 'docker snowflake setup'.
namespace plugin::commands::setup {

/// The command line.
struct SetupOptions {
  std::vector<std::string> hosts;
  std::vector<std::string> connections;
  std::optional<std::string> docker_config;
  bool ask_server = false;
  bool podman = false;
  bool keep_logins = false;
  bool yes = false;
  bool dry_run = false;
  bool no_login = false;
};

/// The registries to set up.
struct FoundRegistries {
  std::vector<std::string> hosts;
  std::vector<std::string> notes;  ///< sentences about connections that lead to none
};
/// Those given, or those of the given connections, or those of all connections. Throws `usage` for a host
/// that is not a registry, `not_found` for one that no connection leads to, `config` when there is none at
/// all.
FoundRegistries find_registries(const SetupOptions&, Context&);

/// Whether there is no connection at all, neither in files nor in variables.
bool has_no_connection(Context&);
/// Asks at the terminal for a connection, shows it, writes it into the file of the Snowflake CLI and lets the
/// user prepare Snowflake for it. What `start` has set is not asked. Returns its name; empty when the user
/// said no. Throws `usage` where there is no terminal.
std::string add_connection(connection_file::NewConnection start, Context&);
/// Asks once whether 'docker push' may prompt the user, if a connection may need it and `interactive` is not
/// set.
void offer_interactive(Context&);

/// A file of a container tool, and what it must say.
struct TargetFile {
  std::filesystem::path path;
  docker_config::DesiredConfig desired;
  const char* readers = "";  ///< the tools that read it, unless it is Docker's
};
/// The files of the container tools that are installed or were asked for; Docker's own file comes first.
/// Prints a warning when the credential store that Docker would use by default does not work.
std::vector<TargetFile> target_files(const SetupOptions&, const std::vector<std::string>& hosts, Context&);
/// Asks whether Docker may show a hint after a failed push, unless its file already has settings for this
/// plugin or docker is not installed.
bool wants_hints(const TargetFile& docker, Context&);

/// A lock that keeps other 'docker snowflake setup' runs of this user from writing. Throws `network` when
/// another run holds it for too long.
base::FileLock lock_out_others(Context&);

/// Shows how a file would change. Throws `config` when Docker cannot read it or it cannot be written.
void show(const TargetFile&, const docker_config::Plan&, Context&);
/// Writes what `show` showed, on top of what other programs wrote since, and records how to undo it. Throws
/// `config`; then neither the file nor the record has changed.
void write(const TargetFile&, docker_config::UndoRecord&, Context&);

/// Undoes everything that is recorded, last change first. Without a record it removes the entries of this
/// program from the files that setup writes to. Throws `config`.
void undo(const SetupOptions&, Context&);

/// Logs in to a registry and asks it for its API version. Throws when it does not answer, or is not one.
void try_registry(const std::string& host, Context&);
/// Logs in and asks each registry for its API version, then says how to push. Throws when one does not
/// answer.
void verify(const std::vector<std::string>& hosts, Context&);

/// The statement that lets a user log in with a key: `public_key` is DER.
std::string alter_user_statement(const std::string& user, std::string_view public_key);

}  // namespace plugin::commands::setup
