// SPDX-License-Identifier: Apache-2.0
#include "config/account.hpp"
#include "doctor/checks.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/config_file.hpp"
#include "config/connection_keys.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "snowflake/auth/workload_identity/attestation.hpp"
#include "snowflake/codes.hpp"
#include "snowflake/connection_client.hpp"

namespace plugin::doctor {
namespace {

namespace fs = std::filesystem;

/// The authenticators whose credential is made from what this machine has, without asking anyone.
bool has_local_credential(const config::Connection& connection, const base::Environment& environment) {
  constexpr std::array<std::string_view, 4> names = {"SNOWFLAKE", "SNOWFLAKE_JWT",
                                                     "PROGRAMMATIC_ACCESS_TOKEN", "OAUTH"};
  const auto authenticator = connection.authenticator();
  const bool is_oidc = authenticator == "WORKLOAD_IDENTITY" &&
                       base::equals_ignoring_case(connection.text("workload_identity_provider"), "OIDC");
  return is_oidc ? !snowflake::requests_token_from_ci(environment)
                 : std::ranges::find(names, authenticator) != names.end();
}

bool are_of_one_account(const docker::RegistryHost& left, const docker::RegistryHost& right) {
  if (left.account_label().empty() || right.account_label().empty()) return left == right;
  return left.account_label() == right.account_label() && left.top_level_domain() == right.top_level_domain();
}

bool file_exists(const fs::path& file) {
  std::error_code ignored;
  return fs::exists(file, ignored);
}

std::string existing(const std::vector<fs::path>& files) {
  std::vector<std::string> names;
  for (const auto& file : files) {
    if (file_exists(file)) names.push_back(file.string());
  }
  return base::join(names, " and ");
}

/// What is wrong when the Snowflake CLI's rule for its directory ignores files that the user may mean.
std::optional<Finding> ignored_files(const base::Environment& environment) {
  const auto usual = environment.config_home() / "snowflake";
  if (const auto set = environment.non_empty("SNOWFLAKE_HOME")) {
    const auto directory = environment.expand_home(*set);
    std::error_code ignored;
    if (fs::is_regular_file(directory, ignored)) {
      return failed(
          "SNOWFLAKE_HOME is the file " + directory.string() + ", but must be the directory that it is in",
          "export SNOWFLAKE_HOME=" + shell_word(directory.parent_path().string()));
    }
    if (file_exists(directory)) return std::nullopt;
    return warning("SNOWFLAKE_HOME is " + directory.string() + ", which does not exist, so " +
                       usual.string() + " is used",
                   "unset SNOWFLAKE_HOME, or correct it");
  }
  if (!config::ignored_connections_directory(environment)) return std::nullopt;
  const auto own = environment.expand_home("~/.snowflake");
  return failed(own.string() + " exists without connections, so those in " + usual.string() + " are not read",
                "mv " + shell_word(usual.string()) + "/*.toml " + shell_word(own.string()) + "/");
}

/// The keys that nothing reads, each with the one that was probably meant.
std::vector<std::string> unknown_keys(const config::Connection& connection) {
  std::vector<std::string> known;
  for (const auto& key : config::connection_keys()) known.emplace_back(key.name);
  std::vector<std::string> unknown;
  for (const auto& [key, value] : connection.fields) {
    if (config::find_connection_key(key) != nullptr) continue;
    const auto meant = base::nearest(key, known);
    unknown.push_back(base::printable(key, 100) + (meant.empty() ? "" : " (did you mean " + meant + "?)"));
  }
  return unknown;
}

std::string where(const snowflake::SessionContext& session) {
  if (session.database.empty()) return "no database";
  return session.database + (session.schema.empty() ? "" : "." + session.schema);
}

}  // namespace

Finding check_settings(CheckContext& context) {
  const auto& settings = context.resolver.settings();
  return ok(file_exists(settings.file) ? settings.file.string() : "none (defaults)");
}

Finding check_connection_files(CheckContext& context) {
  if (auto finding = ignored_files(context.environment)) return *finding;
  const auto& files = context.resolver.paths();
  try {
    const auto& connections = context.resolver.connections();
    if (!connections.ignored().empty() && connections.warnings().size() == 1) {
      return warning(connections.warnings().front(), "move them, or delete them in " + files.config.string());
    }
    if (!connections.warnings().empty()) {
      return warning(connections.warnings().front(),
                     "correct it: until then 'snow connection list' shows something else");
    }
  } catch (const config::WidePermissions& error) {
    std::vector<std::string> fix;
    if (error.can_be_changed()) fix = {"chmod", "600", error.file().string()};
    return failed(error.what(), error.hint(), fix);
  }
  const std::string found = existing({files.config, files.connections});
  if (!found.empty()) return ok(found);
  return ok(context.resolver.connections().from_variables() ? "none: the connection comes from variables"
                                                            : "none");
}

Finding check_connection(CheckContext& context) {
  auto connection = context.find_connection();
  context.redaction.add(connection);
  const auto account = [&] {
    try {
      return config::account_of(connection);
    } catch (const base::Error& error) {
      const auto unknown = unknown_keys(connection);
      if (unknown.empty()) throw;
      throw base::Error(error.kind(), error.what(), "correct the unknown keys: " + base::join(unknown, ", "));
    }
  }();
  // Throws for a proxy that is not complete, which no request could use.
  static_cast<void>(snowflake::with_proxy_of(connection, context.environment));
  const auto own = context.resolver.registry_of(connection);
  if (!context.host) context.host = own;
  if (context.connection_is_chosen() && !are_of_one_account(own, *context.host)) {
    return failed("the chosen connection is for " + own.name() + ", not to " + context.host->name(),
                  "leave out one of the two: a registry only ever gets a token of its own account");
  }
  const std::string name = connection.name.empty() ? "from variables and options" : connection.name;
  const std::string user = connection.text("user");
  context.connection = std::move(connection);
  return ok(name + ": " + (user.empty() ? "" : user + " at ") + account.host);
}

Finding check_default(CheckContext& context) {
  const auto& connections = context.resolver.connections();
  if (!context.connection_is_ambiguous())
    return ok(connections.has_default() ? connections.default_name() : "not needed");
  const auto error = cli::no_default(connections);
  return warning(std::string{error.what()} + "; docker push and pull choose one by the registry's host",
                 error.hint());
}

Finding check_connection_keys(CheckContext& context) {
  const auto unknown = unknown_keys(*context.connection);
  if (unknown.empty()) return ok("every key has an effect");
  return warning("keys of the connection that have no effect here: " + base::join(unknown, ", "),
                 "correct them, or ignore this if another program needs them");
}

Finding check_host(CheckContext& context) {
  if (!context.host) return skipped("the registry is not known");
  const auto& host = *context.host;
  const auto& written = context.written_host;
  if (!host.account_label().empty() && host.account_label().find('-') == std::string_view::npos) {
    return failed(
        host.name() +
            " contains an account locator, but registry hosts contain organization and account name",
        "write account = \"<organization>-<account>\" into the connection; this query shows both: "
        "SELECT CURRENT_ORGANIZATION_NAME() || '-' || CURRENT_ACCOUNT_NAME()");
  }
  if (written && *written != host.name() && written->find("://") == std::string::npos) {
    return failed("Docker does not find '" + base::printable(*written, 200) +
                      "': registry hosts are written in lower case, and with - instead of _",
                  "write " + host.name());
  }
  return ok(host.name());
}

Finding check_authenticator(CheckContext& context) {
  const auto& connection = *context.connection;
  if (connection.has("session_token")) return ok("a session that another program opened");
  const auto account = config::account_of(connection);
  const std::string name = connection.authenticator();
  const snowflake::AuthContext auth{
      connection,
      account,
      context.environment,
      context.clock,
      context.wiring.http(connection),
      {*context.wiring.stores().credentials, account.host, base::to_upper(connection.text("user"))},
      nullptr};
  const auto authenticator = snowflake::make_authenticator(auth);
  if (has_local_credential(connection, context.environment)) {
    auto data = base::Json::object();
    try {
      authenticator->prepare();
    } catch (const base::Error& error) {
      // A user at a terminal can type what is missing, and may have done so.
      const auto stored =
          error.next_step().needs == base::Needs::terminal ? stored_login(context) : std::nullopt;
      if (!stored) throw;
      return warning(error.what() + ("; " + *stored), error.hint());
    }
    authenticator->add_to(data);
  }
  return ok(base::printable(name, 100));
}

Finding check_login(CheckContext& context) {
  auto session = context.wiring.session(*context.connection);
  // Only a statement shows that a cached session is still alive.
  const auto result = [&] {
    try {
      return session.run("select current_user(), current_role()");
    } catch (const base::Error& error) {
      // There is no such account, or the network is not allowed to use it.
      if (error.kind() != base::Kind::denied || !error.consequences().transient) throw;
      throw base::Error(
          error.kind(), error.what(),
          how_to_check_account(*context.connection) + "; the network policy of the account may require a VPN",
          error.consequences());
    }
  }();
  auto found = session.context();
  found.user = result.at(0, "CURRENT_USER()").value_or(found.user);
  found.role = result.at(0, "CURRENT_ROLE()").value_or(found.role);
  context.session = std::move(found);
  return ok("Snowflake accepts it");
}

Finding check_session(CheckContext& context) {
  const auto& session = *context.session;
  const std::string sentence = session.user + ", role " + session.role + ", " + where(session);
  const std::string wanted = context.connection->text("role");
  if (session.role.empty()) {
    return warning("the session of " + session.user + " has no role",
                   "name one: role = \"...\" in the connection");
  }
  if (!wanted.empty() && base::to_upper(wanted) != base::to_upper(session.role)) {
    return warning(sentence + ": the connection asks for the role " + wanted,
                   "have it granted: GRANT ROLE " +
                       (snowflake::is_identifier(wanted) ? wanted : snowflake::quoted_identifier(wanted)) +
                       " TO USER " + snowflake::quoted_identifier(session.user));
  }
  return ok(sentence);
}

}  // namespace plugin::doctor
