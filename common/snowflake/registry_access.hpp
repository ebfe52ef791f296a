// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "config/connections.hpp"
#include "config/settings.hpp"
#include "net/curl_client.hpp"
#include "net/retry.hpp"
#include "snowflake/kept_credentials.hpp"
#include "snowflake/kept_session.hpp"
#include "token/get_token.hpp"
#include "token/registries.hpp"
#include "token/stores.hpp"

namespace snowflake {

/// The registries of this user: finds out which connection serves a host, keeps what is to be kept, and asks
/// Snowflake for the rest. Files are read, stores opened and connections made when they are first needed.
class RegistryAccess final : public token::Registries {
public:
  /// Whatever is asked, it is over within `timeout`.
  RegistryAccess(const base::Environment&, base::Clock&, std::chrono::milliseconds timeout);

  std::optional<docker::RegistryHost> find(std::string_view server_url) override;
  token::RegistryToken token_for(const docker::RegistryHost&) override;
  void check(const docker::RegistryHost&) override;
  void forget(const docker::RegistryHost&) override;
  std::vector<std::string> hosts() override;

  /// The connection as it is used for the registry that it leads to: in the role that the settings name.
  config::Connection in_role_of_settings(config::Connection connection);
  /// Whether `get` for the registry that `connection` leads to signs in the same way: a token of another user
  /// or role never takes the place of its.
  bool serves_docker(const config::Connection& connection);
  /// A new sign-in, whatever is kept, and a token from it for the registry that `connection` leads to.
  token::RegistryToken sign_in(const config::Connection& connection);
  /// A token for the registry that `connection` leads to, as `token_for` gives it.
  token::RegistryToken token_for(const config::Connection& connection);
  /// Forgets everything that is kept of a connection's sign-ins, and with it what other connections of the
  /// same user share. Snowflake is not told: a push in another terminal may be using it.
  void forget(const config::Connection& connection);
  /// Ends the kept session of a connection at Snowflake, and with it every registry token that came from it.
  /// False when none is kept, or it was over already. Throws `network`.
  bool end_session(const config::Connection& connection);
  /// What is kept of a connection's sign-ins. Asks no network.
  std::vector<KeptCredential> kept(const config::Connection& connection);

  /// The session of a connection, for statements. Asks nothing before the first one.
  KeptSession session(const config::Connection& connection);

  /// Another `config.toml` of the Snowflake CLI, which has to exist; before anything is asked. Throws
  /// `usage`.
  void use_config_file(const std::filesystem::path& file);

  /// Who is asked where a way to sign in needs somebody; nobody, unless one of these is called.
  void use_prompter(ui::Prompter& prompter) { prompter_ = &prompter; }
  /// The same, if the settings allow it (`interactive`). `open_prompter` is run for the first connection that
  /// may need somebody, and may find nobody; whatever is asked then is over within `timeout`.
  void use_prompter_if_allowed(std::function<ui::Prompter*()> open_prompter,
                               std::chrono::milliseconds timeout);

  /// For what is asked of a registry itself.
  net::HttpClient& http();
  /// A connection of its own, for another thread.
  std::unique_ptr<net::HttpClient> another_http() const;

  const config::Settings& settings();
  const config::Connections& connections();
  token::Stores& stores();
  const config::ConfigPaths& files() const noexcept { return files_; }

private:
  token::RegistryToken get(const docker::RegistryHost&, const config::Connection&, bool anew);
  SignIn sign_in_of(const config::Connection&);
  bool serves(const docker::RegistryHost&, const SignIn&);
  ui::Prompter* prompter();

  const base::Environment& environment_;
  base::Clock& clock_;
  base::Deadline deadline_;
  ui::Prompter* prompter_ = nullptr;
  std::function<ui::Prompter*()> open_prompter_;
  std::chrono::milliseconds timeout_with_person_{};
  config::ConfigPaths files_;
  std::optional<config::Settings> settings_;
  std::optional<config::Connections> connections_;
  std::optional<token::Stores> stores_;
  std::optional<net::CurlClient> wire_;
  std::optional<net::RetryingClient> http_;
};

/// The registry host that a connection leads to. Throws `config` when its account says nothing of one, as a
/// locator such as xy12345.us-east-1 does, and \c settings name none.
docker::RegistryHost registry_of(const config::Connection&, const config::Settings&);

}  // namespace snowflake
