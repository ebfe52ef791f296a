// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>

#include "command_options.hpp"
#include "doctor/probe.hpp"
#include "doctor/redaction.hpp"
#include "doctor/target.hpp"
#include "registry/client.hpp"
#include "wiring.hpp"

namespace plugin::doctor {

/// What the checks look at, and what they find out for those that come after them.
struct Examination {
  /// Nothing is asked of anybody yet. `target` is what stands behind the command's name. Throws `usage` when
  /// that is no registry of Snowflake's.
  Examination(Context&, const CommandOptions&, const std::optional<std::string>& target);

  Context& context;
  const CommandOptions& options;
  base::Deadline deadline;  ///< of the whole
  /// Without a user to ask: nothing rings a phone, and no browser opens.
  Wiring wiring;
  Redaction redaction;

  std::optional<std::string> written_host;   ///< as somebody wrote it
  std::optional<docker::RegistryHost> host;  ///< absent until a connection tells
  std::optional<Repository> repository;

  base::Json docker_config;  ///< null when there is none that can be read
  std::optional<config::Connection> connection;
  bool is_kept = false;       ///< a place keeps secrets
  std::vector<Probe> probes;  ///< of the account's host and the registry's
  std::optional<snowflake::SessionContext> session;
  std::optional<registry::Challenge> challenge;
  std::optional<token::RegistryToken> token;

  /// The connection that the options choose, else that of the host, else the default one, else the only one
  /// that leads to a registry. Throws `config`, `not_found`.
  config::Connection find_connection();
  /// Options choose the connection, whatever host it is about.
  bool connection_is_chosen() const;
  /// Docker's folder: `docker --config`, `DOCKER_CONFIG`, or `~/.docker` (`docker/PROTOCOL.md` 3.1).
  std::filesystem::path docker_folder() const;
  /// The registry that is examined.
  registry::Client registry_client() { return {wiring.http(), host->name()}; }
  /// The header Authorization for requests within `scope`, by the token and the challenge that were found.
  /// Throws `denied`, `network`.
  base::Secret authorization_for(const std::string& scope);
  /// The role of the session, or what stands for it in a sentence.
  std::string role() const { return session && !session->role.empty() ? session->role : "<role>"; }

private:
  void aim(const std::string& target);
};

}  // namespace plugin::doctor
