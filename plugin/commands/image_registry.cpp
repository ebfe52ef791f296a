// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/command_options.hpp"
#include "commands/commands.hpp"
#include "config/connection.hpp"
#include "snowflake/codes.hpp"

namespace plugin::commands {
namespace {

using base::Error;
using base::Kind;

/// The part of an address between scheme and path.
std::string host_in(std::string_view url) {
  if (const auto scheme = url.find("//"); scheme != std::string_view::npos) url.remove_prefix(scheme + 2);
  return std::string{url.substr(0, url.find('/'))};
}

/// The repositories of the schema SNOWFLAKE.IMAGES, which most roles can see; none for a role that cannot.
snowflake::Result snowflake_repositories(snowflake::SessionCache& session) {
  try {
    return session.run("show image repositories in schema snowflake.images;");
  } catch (const snowflake::StatementError&) {
    return {};
  }
}

/// Passes a registry token to docker login, and returns what that prints.
std::string docker_login(const std::string& host, const token::RegistryToken& token, Context& context) {
  auto words = context.docker;
  words.insert(words.end(),
               {"login", "--username", std::string{token::session_token_user}, "--password-stdin", host});
  const auto credential = token.credential_for(host, context.clock.now());
  const auto result = base::run_program(words, credential.secret, context.environment);
  if (!result)
    throw Error(Kind::config, "Docker is not installed.",
                "install docker, or use the token with another client");
  if (result->status != 0) {
    throw Error(Kind::config, "Login Failed: " + base::printable(base::trim(result->err), 1000),
                "'docker snowflake token' shows whether Snowflake issues a token");
  }
  return std::string{base::trim(result->out)};
}

/// Prints a registry token and the seconds until it expires.
void print_token(const cli::CommandOptions& options, Context& context) {
  const auto token = context.wiring.checked_registry_token(
      context.resolver.with_registry_settings(cli::connection_of(options, context), options.selection));
  const auto left = token.expires_at - context.clock.now();
  cli::printer_of(options, context)
      .object({{"token", output::text_value(std::string{token.value.reveal()})},
               {"expires_in", output::number_value(left.count())}});
}

void add_registry_token(CLI::App& group, Context& context) {
  auto* command = group.add_subcommand("token", "Print a token for the image registry");
  const auto options = cli::add_command_options(*command, context);
  command->callback([options, &context] { print_token(*options, context); });
}

void add_registry_url(CLI::App& group, Context& context) {
  auto* command = group.add_subcommand("url", "Ask Snowflake for the host of the image registry");
  const auto private_link = std::make_shared<bool>(false);
  command->add_flag("--private-link", *private_link, "The host for private connectivity");
  const auto options = cli::add_command_options(*command, context);
  command->callback([private_link, options, &context] {
    auto session = cli::session_of(*options, context);
    cli::printer_of(*options, context).message(ask_registry_host(session, *private_link));
  });
}

void add_registry_login(CLI::App& group, Context& context) {
  auto* command = group.add_subcommand("login", "Pass a token to 'docker login'");
  const auto private_link = std::make_shared<bool>(false);
  command->add_flag("--private-link", *private_link, "The host for private connectivity");
  const auto options = cli::add_command_options(*command, context);
  command->callback([private_link, options, &context] {
    auto session = cli::session_of(*options, context);
    const std::string host = ask_registry_host(session, *private_link);
    require_registry(host, context);
    const auto token = context.wiring.registry_token(cli::connection_of(*options, context));
    cli::printer_of(*options, context).message(docker_login(host, token, context));
  });
}

}  // namespace

std::string ask_registry_host(snowflake::SessionCache& session, bool private_link) {
  auto repositories = snowflake_repositories(session);
  if (repositories.rows.empty()) repositories = session.run("show image repositories in account");
  if (repositories.rows.empty()) {
    throw Error(Kind::not_found,
                "No image repository found. To run this command, please switch to a role with read access to "
                "at least one image repository or create a new image repository first.",
                "docker snowflake url prints the host without asking Snowflake; --role chooses another role");
  }
  const auto url = repositories.at(0, private_link ? "privatelink_repository_url" : "repository_url");
  const std::string host = host_in(url.value_or(""));
  // An empty host would be Docker Hub to 'docker login'.
  if (host.empty()) {
    throw Error(Kind::not_found,
                private_link ? "this account has no registry host for private connectivity"
                             : "Snowflake did not return the host of its image repositories",
                private_link
                    ? "leave out --private-link; private connectivity needs the Business Critical edition"
                    : "docker snowflake url prints the host without asking Snowflake");
  }
  return host;
}

void require_registry(const std::string& host, Context& context) {
  if (context.resolver.find(host)) return;
  throw Error(Kind::denied, "'" + base::printable(host, 200) + "' is not a Snowflake registry host",
              "name it in the settings if it is yours: [registries.\"<host>\"]");
}

void add_image_registry(CLI::App& app, Context& context) {
  auto& group = add_group(app, "image-registry", "Print the registry host or a token, or run docker login");
  add_registry_login(group, context);
  add_registry_token(group, context);
  add_registry_url(group, context);
}

void add_token(CLI::App& app, Context& context) {
  auto* command =
      app.add_subcommand("token", "Print a registry token, as JSON unless --format says otherwise");
  const auto options = cli::add_command_options(*command, context, output::Format::json);
  command->callback([options, &context] { print_token(*options, context); });
}

}  // namespace plugin::commands
