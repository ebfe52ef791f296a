// SPDX-License-Identifier: Apache-2.0
#include "commands/image_location.hpp"

#include <chrono>
#include <ostream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/command_options.hpp"
#include "names/image_reference.hpp"

namespace plugin::commands {
namespace {

using base::Error;
using base::Kind;

/// Of one login, with a user who has to look for a phone.
constexpr std::chrono::minutes login_timeout{10};

}  // namespace

registry::CredentialSource credential_for(const docker::RegistryHost& host, config::Connection connection,
                                          Context& context) {
  connection.through = context.resolver.source_of(host);
  return [host, connection, &context](bool renew) {
    Wiring wiring{context.environment, context.clock, context.resolver, login_timeout, &context.prompter};
    const auto token =
        wiring.registry_token(connection, renew ? snowflake::Refresh::token : snowflake::Refresh::when_stale);
    return token.credential_for(host.name(), context.clock.now());
  };
}

ImageLocation locate_image(const std::string& name, const DefaultName& otherwise,
                           const cli::CommandOptions& options, Context& context) {
  auto reference = names::ImageReference::parse(name);
  const auto connection = cli::connection_of(reference, options, context);
  const auto named = reference.host ? context.resolver.find(*reference.host) : std::nullopt;
  const auto host = named ? *named : context.resolver.registry_of(connection);
  if (reference.image.empty()) reference.image = otherwise.image;
  if (reference.image.empty()) {
    throw Error(Kind::usage,
                "'" + base::printable(name, 200) + "' names an image repository, and no image in it",
                "write " + base::printable(name, 200) + "/<image>:<tag>");
  }
  std::string tag = reference.digest.empty() ? reference.tag : reference.digest;
  tag = tag.empty() ? otherwise.tag : tag.substr(1);
  reference.tag.clear();
  reference.digest.clear();
  const snowflake::SessionContext names{connection.text("user"), connection.text("role"),
                                        connection.text("database"), connection.text("schema")};
  return {{host.name(), reference.at(host.name(), names).substr(host.name().size() + 1), tag},
          credential_for(host, connection, context)};
}

push::Engine engine_of(const Context& context) { return {context.environment, context.docker}; }

std::function<void()> tell_how_to_continue(Context& context) {
  return [&context] {
    context.err << "\nInterrupted. The same command continues where this one stopped." << std::endl;
  };
}

std::shared_ptr<cli::CommandOptions> add_login_options(CLI::App& command) {
  auto options = std::make_shared<cli::CommandOptions>();
  cli::add_connection_options(command, {options, &options->selection});
  return options;
}

}  // namespace plugin::commands
