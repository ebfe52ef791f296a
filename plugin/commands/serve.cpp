// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <limits>
#include <mutex>
#include <ostream>
#include <set>

#include "base/error.hpp"
#include "base/interruption.hpp"
#include "base/text.hpp"
#include "cli/command_options.hpp"
#include "commands/commands.hpp"
#include "commands/image_list.hpp"
#include "commands/image_location.hpp"
#include "names/repository_names.hpp"
#include "net/crypto.hpp"
#include "relay/relay.hpp"

namespace plugin::commands {
namespace {

using base::Error;
using base::Kind;

constexpr std::uint16_t default_port = 5055;
constexpr std::size_t password_bytes = 18;
constexpr std::chrono::minutes poll_interval{1};

struct ServeOptions {
  std::uint16_t port = default_port;
  bool anonymous = false;
};

/// `database/schema/repository/image` of every image that the role can see.
std::vector<std::string> image_paths(const config::Connection& connection, Context& context) {
  auto session = context.wiring.session(connection);
  const auto repositories = names::qualified_names(session.run("show image repositories in account"));
  const auto listing = list_images_of(repositories, connection, session, context);
  std::set<std::string> paths;
  for (const auto& image : listing.images) paths.insert(image.image_path());
  return {paths.begin(), paths.end()};
}

void serve(const ServeOptions& given, const cli::CommandOptions& options, Context& context) {
  if (options.selection.options.contains("port"))
    throw base::Error(base::Kind::usage,
                      "--port is the port of Snowflake, and not where the registry is served",
                      "docker snowflake serve --listen <port>");
  const auto connection = cli::connection_of(options, context);
  const auto host = context.resolver.registry_of(connection);
  const auto password = given.anonymous ? std::string{} : net::base64url(net::random_bytes(password_bytes));
  std::mutex one_at_a_time;
  relay::Relay::Options relay_options{host.name(), access_to(host, connection, {}, context),
                                      base::Secret{password}};
  relay_options.catalog = [&] {
    const std::lock_guard lock{one_at_a_time};
    return image_paths(connection, context);
  };
  relay_options.on_event = [&](const std::string& event) {
    const std::lock_guard lock{one_at_a_time};
    context.err << event << std::endl;
  };
  relay_options.on_failure = relay_options.on_event;
  relay::Relay relay{context.environment, context.clock, std::move(relay_options)};
  {
    const relay::HttpServer server{given.port, relay};
    const auto address = "127.0.0.1:" + std::to_string(server.port());
    context.out << "Serving " << host.name() << " at " << address << ". Press Ctrl-C to stop.\n"
                << "Images:   " << address << "/database/schema/repository/image:tag\n";
    if (given.anonymous) {
      context.out << "Login:    none; every user of this machine can act as you" << std::endl;
    } else {
      context.out << "Login:    docker login " << address << " --username " << relay::Relay::username
                  << "\nPassword: " << password << std::endl;
    }
    try {
      for (;;) context.clock.sleep(poll_interval);
    } catch (const base::Interrupted&) {
      // Ends the requests that wait for the registry, so that the server can end.
      relay.stop();
    }
  }
  relay.delete_abandoned();
  throw base::Interrupted{};
}

}  // namespace

void add_serve(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand(
      "serve", "Serve the registry on this machine, for clients that cannot log in by themselves");
  const auto given = std::make_shared<ServeOptions>();
  cli::require_range(command->add_option("--listen", given->port, "The port of 127.0.0.1; 0 for a free one"),
                     0, std::numeric_limits<std::uint16_t>::max())
      ->option_text("PORT (5055)");
  command->add_flag("--anonymous", given->anonymous, "Do not ask clients for a password");
  const auto options = add_login_options(*command, context);
  command->callback([given, options, &context] { serve(*given, *options, context); });
}

}  // namespace plugin::commands
