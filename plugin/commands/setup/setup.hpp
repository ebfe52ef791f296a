// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/file_change.hpp"
#include "connection_file/new_connection.hpp"
#include "context.hpp"
#include "docker_config/plan.hpp"
#include "docker_config/undo.hpp"
#include "snowflake/session_cache.hpp"

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
  bool undo = false;
};

/// The registries to set up.
struct FoundRegistries {
  std::vector<std::string> hosts;                  ///< at least one
  std::map<std::string, std::string> connections;  ///< by host: the connection that the user named for it
};
/// Those given, or those of the given connections, or those of all connections. Warns about connections that
/// have none. Throws `usage` for a host that is not a registry, `not_found` for one that no connection leads
/// to, `config` when there is none at all.
FoundRegistries find_registries(const SetupOptions&, Context&);

/// Says which connection Docker uses for a registry that several connections have, unless the user chose one.
void print_chosen_connections(const FoundRegistries&, Context&);

/// An image repository that a role can see.
struct VisibleRepository {
  std::string database;
  std::string schema;
  std::string url;
};
/// A registry that took the token of a connection.
struct Verified {
  std::string host;
  config::Connection connection;
  snowflake::SessionContext login;
  /// Those of the connection's schema first.
  std::vector<VisibleRepository> repositories;
  bool has_list = false;  ///< false when the role may not list them
  snowflake::SecondFactor second_factor = snowflake::SecondFactor::unknown;
};
/// Logs in to Snowflake and the registry, with one session even where nothing can be cached. Throws when one
/// of them refuses, or does not answer.
Verified log_in(const docker::RegistryHost&, const config::Connection&, snowflake::Refresh, Context&);

/// A connection that was added.
struct Added {
  std::string name;
  std::filesystem::path file;
  std::optional<Verified> verified;    ///< when the login with it succeeded
  std::optional<base::Error> failure;  ///< why it failed, if the answers were not at fault
};
/// Asks at the terminal for a connection, shows it, lets the user prepare Snowflake for it, logs in, asks
/// again for what Snowflake refuses, and writes it into the file of the Snowflake CLI. What `start` has set
/// is not asked, and a connection that was not asked for is written without logging in. Absent when the user
/// said no. Throws `usage` where there is no terminal, and the refusal when no connection was written.
std::optional<Added> add_connection(connection_file::NewConnection start, bool logs_in, Context&);

// The questions that describe a new connection. An answer that cannot be right is asked for again, three
// times at most; then its error is thrown. All throw `usage` where there is no terminal.

/// Until the name is free.
void ask_name(connection_file::NewConnection&, Context&);
/// What is not set yet. A password may be left out: then each login asks for it.
void ask_rest(connection_file::NewConnection&, Context&);
/// Asks again for the value of `key` (account, user, password, token or role), which did not work. Enter
/// alone keeps an account or a user as it is. False for a key that is not asked for.
bool ask_again(std::string_view key, connection_file::NewConnection&, Context&);
/// Whether `connection add` asks these questions, and not `setup`.
bool is_connection_add(const Context&);
/// The command that asks these questions.
std::string command_that_asks(const Context&);

/// Asks once whether 'docker push' may prompt the user, if a connection may need it and `interactive` is not
/// set. Adds the answer to the settings and to the record of changes.
void offer_interactive(Context&);
/// Removes `interactive` from the settings, unless its value is no longer `answer`, which was recorded.
void undo_interactive(const std::string& answer, Context&);

/// The config file of a container tool, and what it must contain.
struct TargetFile {
  std::filesystem::path path;
  docker_config::DesiredConfig desired;
  std::string readers = {};  ///< the tools that read it; empty for Docker
};
/// The files of the container tools that are installed or that the options name; Docker's own comes first.
std::vector<TargetFile> target_files(const SetupOptions&, const std::vector<std::string>& hosts, Context&);
/// Throws `config` when the file cannot be written.
void require_writable(const TargetFile&);
/// Asks whether Docker may show a hint after a failed push, unless its file already has settings for this
/// plugin or the docker client does not support hints.
bool wants_hints(const TargetFile& docker, Context&);

/// Asks, unless the options answer, whether the files may be changed as was shown. Prints `if_not` when they
/// may not. Throws `usage` where there is no terminal to ask on.
bool is_confirmed(const SetupOptions&, Context&, const std::string& if_not = "Nothing was changed.\n");

/// Keeps other 'docker snowflake setup' processes of this user from writing. Throws `busy` when another one
/// holds the lock for too long.
base::FileLock lock_setup(Context&);

/// Shows how a file would change. Throws `config` when Docker cannot read it or it cannot be written.
void show(const TargetFile&, const docker_config::Plan&, Context&);
/// Writes what `show` showed, on top of what other programs wrote since, and records how to undo it. Throws
/// `config`; then neither the file nor the record has changed.
void write(const TargetFile&, docker_config::UndoRecord&, Context&);

/// Undoes everything that is recorded, last change first, and says what stays. Without a record, removes the
/// entries of this program from the files that setup writes to. Throws `config`.
void undo(const SetupOptions&, Context&);

/// Logs in to those registries that are not Snowflake's: the settings may name any host. Throws when one does
/// not answer, or is not a registry.
void verify_foreign(const FoundRegistries&, Context&);
/// Logs in to each registry, unless `added` has, then says how to push. Throws when a registry does not
/// answer.
void verify(const FoundRegistries&, const std::optional<Added>& added, Context&);

}  // namespace plugin::commands::setup
