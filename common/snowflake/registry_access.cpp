// SPDX-License-Identifier: Apache-2.0
#include "snowflake/registry_access.hpp"

#include "base/error.hpp"
#include "config/registry_connection.hpp"
#include "net/crypto.hpp"
#include "snowflake/auth/is_interactive.hpp"

namespace snowflake {
namespace {

token::StorePlan plan_of(config::StoreChoice selection) {
  using enum config::StoreChoice;
  return {.kernel_keyring = selection == automatic || selection == keyring,
          .secret_service = selection == automatic || selection == secret_service};
}

/// A key may be locked by a passphrase, which is known once it is opened.
bool may_be_interactive(const config::Connection& connection) {
  return is_interactive(connection) || connection.authenticator() == "SNOWFLAKE_JWT";
}

}  // namespace

docker::RegistryHost registry_of(const config::Connection& connection, const config::Settings& settings) {
  for (const auto& [host, registry] : settings.registries) {
    if (registry.connection == connection.name) {
      if (auto named = docker::RegistryHost::parse(host, {host})) return *named;
    }
  }
  config::account_of(connection);  // whatever is wrong with the account itself comes first
  const auto host = config::registry_name_of(connection).host();
  if (auto derived = docker::RegistryHost::parse(host)) return *derived;
  throw base::Error(base::Kind::config,
                    "the account of the connection does not tell the name of its registry",
                    "write account = \"<organization>-<account>\" into the connection");
}

RegistryAccess::RegistryAccess(const base::Environment& environment, base::Clock& clock,
                               std::chrono::milliseconds timeout)
    : environment_(environment),
      clock_(clock),
      deadline_(clock, timeout),
      files_(config::find_config_paths(environment)) {}

void RegistryAccess::use_config_file(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(file, ignored)) {
    throw base::Error(base::Kind::usage,
                      "Invalid value for '--config-file': File '" + file.string() + "' does not exist.",
                      "name a config.toml of the Snowflake CLI");
  }
  files_.config = file;
}

const config::Settings& RegistryAccess::settings() {
  if (!settings_) settings_ = config::Settings::read(files_.settings);
  return *settings_;
}

const config::Connections& RegistryAccess::connections() {
  if (!connections_) connections_ = config::Connections::read(environment_, files_);
  return *connections_;
}

token::Stores& RegistryAccess::stores() {
  if (!stores_) stores_ = token::open_stores(plan_of(settings().store), environment_, clock_);
  return *stores_;
}

net::HttpClient& RegistryAccess::http() {
  if (!http_) {
    wire_.emplace(environment_, deadline_);
    http_.emplace(*wire_, clock_, deadline_, net::random_fraction);
  }
  return *http_;
}

std::unique_ptr<net::HttpClient> RegistryAccess::another_http() const {
  struct Wire final : net::HttpClient {
    Wire(const base::Environment& environment, const base::Deadline& deadline, base::Clock& clock)
        : curl(environment, deadline), retrying(curl, clock, deadline, net::random_fraction) {}
    net::HttpResponse send(const net::HttpRequest& request) override { return retrying.send(request); }
    net::CurlClient curl;
    net::RetryingClient retrying;
  };
  return std::make_unique<Wire>(environment_, deadline_, clock_);
}

std::optional<docker::RegistryHost> RegistryAccess::find(std::string_view server_url) {
  if (auto host = docker::RegistryHost::parse(server_url)) return host;
  return docker::RegistryHost::parse(server_url, settings().named_hosts());
}

void RegistryAccess::use_prompter_if_allowed(std::function<ui::Prompter*()> open_prompter,
                                             std::chrono::milliseconds timeout) {
  open_prompter_ = std::move(open_prompter);
  timeout_with_person_ = timeout;
}

ui::Prompter* RegistryAccess::prompter() {
  if (open_prompter_ && settings().helper_may_ask) {
    prompter_ = open_prompter_();
    if (prompter_ != nullptr) deadline_ = base::Deadline{clock_, timeout_with_person_};
  }
  open_prompter_ = nullptr;
  return prompter_;
}

SignIn RegistryAccess::sign_in_of(const config::Connection& connection) {
  return {connection, environment_, clock_, may_be_interactive(connection) ? prompter() : prompter_};
}

bool RegistryAccess::serves_docker(const config::Connection& connection) {
  return serves(registry_of(connection, settings()), sign_in_of(connection));
}

bool RegistryAccess::serves(const docker::RegistryHost& host, const SignIn& sign_in) {
  try {
    const SignIn own{config::connection_for(host, settings(), connections()), environment_, clock_};
    return own.key(registry_token_kind) == sign_in.key(registry_token_kind);
  } catch (const base::Error&) {
    return false;
  }
}

config::Connection RegistryAccess::in_role_of_settings(config::Connection connection) {
  const auto entry = settings().registries.find(registry_of(connection, settings()).name());
  if (entry != settings().registries.end() && entry->second.role)
    connection.fields.insert_or_assign("role", base::Secret{*entry->second.role});
  return connection;
}

token::RegistryToken RegistryAccess::get(const docker::RegistryHost& host,
                                         const config::Connection& connection, bool anew) {
  const auto sign_in = sign_in_of(connection);
  const token::TokenRequest request{.host = host,
                                    .key = sign_in.key(registry_token_kind),
                                    .sources = config::fingerprint(environment_, files_),
                                    .anew = anew,
                                    .serves_host = serves(host, sign_in)};
  const token::TokenPlaces places{*stores().front, *stores().kept, environment_.runtime_folder()};
  const auto issue = [&](const token::SignInTurn& turn) {
    auto issued = sign_in.issue_registry_token(http(), places.kept, turn, anew);
    return token::RegistryToken{std::move(issued.value), issued.issued_at, issued.expires_at, connection.name,
                                request.sources};
  };
  return token::get_token(request, places, issue, deadline_, clock_);
}

token::RegistryToken RegistryAccess::token_for(const docker::RegistryHost& host) {
  return get(host, config::connection_for(host, settings(), connections()), false);
}

token::RegistryToken RegistryAccess::token_for(const config::Connection& connection) {
  return get(registry_of(connection, settings()), connection, false);
}

token::RegistryToken RegistryAccess::sign_in(const config::Connection& connection) {
  return get(registry_of(connection, settings()), connection, true);
}

KeptSession RegistryAccess::session(const config::Connection& connection) {
  return {
      sign_in_of(connection),
      http(),
      {*stores().kept, environment_.runtime_folder(), config::fingerprint(environment_, files_), deadline_},
      clock_};
}

void RegistryAccess::check(const docker::RegistryHost& host) {
  const SignIn sound{config::connection_for(host, settings(), connections()), environment_, clock_};
}

void RegistryAccess::forget(const docker::RegistryHost& host) {
  stores().front->erase(token::front_key(host));
  const SignIn sign_in{config::connection_for(host, settings(), connections()), environment_, clock_};
  stores().kept->erase(sign_in.key(registry_token_kind));
}

void RegistryAccess::forget(const config::Connection& connection) {
  stores().front->erase(token::front_key(registry_of(connection, settings())));
  forget_credentials(sign_in_of(connection), *stores().kept);
}

bool RegistryAccess::end_session(const config::Connection& connection) {
  const auto sign_in = sign_in_of(connection);
  auto tokens = sign_in.kept_tokens(*stores().kept);
  if (!tokens) return false;
  Api api{http(), clock_, sign_in.account()};
  return Session{api, std::move(*tokens), clock_}.end();
}

std::vector<KeptCredential> RegistryAccess::kept(const config::Connection& connection) {
  return kept_credentials(sign_in_of(connection), *stores().kept);
}

std::vector<std::string> RegistryAccess::hosts() { return config::registry_hosts(settings(), connections()); }

}  // namespace snowflake
