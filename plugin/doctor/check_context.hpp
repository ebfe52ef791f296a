// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>

#include "base/error.hpp"
#include "cli/command_options.hpp"
#include "docker_config/docker_config.hpp"
#include "doctor/redaction.hpp"
#include "names/object_name.hpp"
#include "net/http.hpp"
#include "registry/client.hpp"
#include "wiring.hpp"

namespace plugin::doctor {

/// The repository that the user asks about, and perhaps an image in it.
struct Repository {
  names::ObjectName object;
  std::string name;                        ///< for sentences and statements; complete once there is a session
  std::string image;                       ///< empty when none was named
  std::array<std::string, 3> stored = {};  ///< database, schema and name as Snowflake stores them
};

/// The argument of `doctor`.
struct Target {
  std::optional<std::string> host;  ///< as written
  std::optional<Repository> repository;
  std::optional<std::string> connection = {};  ///< of `@connection:`
};

/// A registry host, or a repository or an image as other commands take it (`names::ImageReference`). Throws
/// `usage` for anything else.
Target parse_target(const std::string& text);

/// `text` as one word of a shell command.
std::string shell_word(const std::string& text);

/// A request to a host, to see how far it gets.
struct Probe {
  std::string host;
  net::Trace trace;
  std::optional<base::Error> failure;   ///< why there was no answer
  base::TimePoint asked_at;             ///< by this machine's clock
  std::optional<base::TimePoint> date;  ///< by the server's clock, as its answer says
};

/// Where the kubelet of this node has its credential providers.
struct Node {
  std::filesystem::path config;  ///< empty when it is not known
  std::filesystem::path bin_dir;
  std::optional<std::string> service_account;  ///< `namespace/name` of pods that pull
};

/// What the checks read, and what they find out for later checks.
struct CheckContext {
  /// Sends nothing. `target` is the command's argument. Throws `usage` when it is not a Snowflake registry.
  CheckContext(Context&, const cli::CommandOptions&, const std::optional<std::string>& target);

  const base::Environment& environment;
  base::Clock& clock;
  ui::Prompter& prompter;
  cli::CommandOptions options;
  base::Deadline deadline;  ///< of all checks together
  config::RegistryResolver& resolver;
  /// Without a prompter: no phone rings, and no browser opens.
  Wiring wiring;
  Redaction redaction;

  std::optional<std::string> written_host;   ///< as the user wrote it
  std::optional<docker::RegistryHost> host;  ///< absent until a connection determines it
  std::optional<Repository> repository;
  std::optional<Node> node;  ///< present when the kubelet of this node is checked

  std::optional<std::filesystem::path> docker;  ///< the docker program; absent when it is not Docker's
  std::string command = "docker snowflake";     ///< how the user starts this plugin
  std::optional<config::Connection> connection;
  bool has_store = false;     ///< one of the credential stores works
  std::vector<Probe> probes;  ///< of the account's host and the registry's
  std::optional<snowflake::SessionContext> session;
  std::optional<registry::Challenge> challenge;
  std::optional<token::RegistryToken> token;

  /// The connection that the options choose, else that of the host, else the default one, else that of the
  /// first registry, of those that connections lead to. Throws `config`, `not_found`.
  config::Connection find_connection();
  /// The options choose the connection, whatever the host is.
  bool connection_is_chosen() const;
  /// Whether there are several connections, and nothing chooses one of them.
  bool connection_is_ambiguous() const;
  /// Docker's directory: `docker --config`, `DOCKER_CONFIG`, or `~/.docker`.
  /// Throws `config` when the home directory is not known.
  std::filesystem::path docker_directory() const;
  std::filesystem::path docker_file() const { return docker_directory() / "config.json"; }
  /// That directory's config.json, read once; an empty one where there is none. Its secrets are known to the
  /// redaction. Throws `config`, also when the file cannot be read.
  const docker_config::DockerConfig& docker_config();

private:
  void set_target(const std::string&);

  Context& command_;
  std::optional<docker_config::DockerConfig> docker_config_;
};

}  // namespace plugin::doctor
