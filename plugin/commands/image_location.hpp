// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "cli/command_options.hpp"
#include "push/engine.hpp"
#include "push/pusher.hpp"

namespace plugin::commands {

/// An image at a registry, and how to log in there.
struct ImageLocation {
  push::Location location;
  registry::CredentialSource credential;
};

/// What a name without an image, or without a tag, means.
struct DefaultName {
  std::string image;
  std::string tag;
};

/// Finds the registry that `name` means: in names of SQL, or `HOST/database/schema/repository/image[:tag]` as
/// Docker has it. Throws `usage` and `config` when it means none, or lacks what `otherwise` does not say.
ImageLocation locate_image(const std::string& name, const DefaultName& otherwise, const cli::CommandOptions&,
                           Context&);

/// Logs in to `host` as `connection` says, each time with a time limit of its own: a push may take days.
registry::CredentialSource credential_for(const docker::RegistryHost& host, config::Connection, Context&);

/// The engine that this command of Docker's talks to.
push::Engine engine_of(const Context&);

/// For a push or a copy that the user ends.
std::function<void()> tell_how_to_continue(Context&);

/// Options that choose a connection, for commands that print no tables.
std::shared_ptr<cli::CommandOptions> add_login_options(CLI::App& command);

}  // namespace plugin::commands
