// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/environment.hpp"
#include "cli/command_options.hpp"
#include "push/image.hpp"
#include "push/pusher.hpp"

namespace plugin::commands {

/// An image at a registry, and how to log in there.
struct ImageLocation {
  push::RegistryImage location;
  registry::Access access;
  config::Connection connection;
};

/// The image and the tag of a name that has none.
struct DefaultName {
  std::string image;
  std::string tag = "latest";  ///< as for Docker
};

/// Resolves the name of an image (`names::ImageReference`). `progress` as for `access_to`. Throws `usage` and
/// `config` when it is not valid, or lacks an image that the default does not have.
ImageLocation locate_image(const std::string& name, const DefaultName&, const cli::CommandOptions&, Context&,
                           push::PushProgress* progress = nullptr);

/// The same for an image that is written to.
ImageLocation locate_target(const std::string& name, const DefaultName&, const cli::CommandOptions&, Context&,
                            push::PushProgress& progress);

/// How to log in to `host` with `connection`. Each login has a timeout of its own: a push may take days.
/// While a login shows or asks something, the drawing of `progress`, if there is one, is paused. If the
/// registry refuses a token that was just renewed, `repository` (`database.schema.repository`, may be empty)
/// is looked up: the credential source throws `denied` when the role sees no such repository.
registry::Access access_to(const docker::RegistryHost& host, config::Connection,
                           const std::string& repository, Context&, push::PushProgress* progress = nullptr);

/// Returns the width of the terminal at the time of each call.
std::function<std::size_t()> terminal_width(const Context&);

/// `tty` for a terminal with escape sequences, else `plain`.
push::PushProgress::Mode automatic_progress(const Context&);

/// Prints how to continue a push or a copy that the user has interrupted.
std::function<void()> print_how_to_continue(Context&);

/// Adds the options that select a connection, and `--debug`, for commands that print no tables.
std::shared_ptr<cli::CommandOptions> add_login_options(CLI::App& command, Context&);

/// An image that is not at a registry.
struct ImageSource {
  enum class Kind { engine, oci_directory, oci_archive, docker_archive, pipe };
  Kind kind = Kind::engine;
  std::string path;  ///< or the name of an image of the engine
  push::ImageSelection selection;

  /// `oci:DIR[:NAME]`, `oci-archive:FILE[:NAME]`, `docker-archive:FILE[:NAME]` or `-`; absent for anything
  /// else. A path that exists may have colons itself.
  static std::optional<ImageSource> parse(const std::string& text);
};

/// Reads a source that is not an engine. Throws like `push::read_contents`.
push::Contents read(const ImageSource&, const base::Environment&);

}  // namespace plugin::commands
