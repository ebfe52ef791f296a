// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace plugin::cli {

/// What Docker, or a user, called the plugin with (`docker/PROTOCOL.md` 2.3).
struct Invocation {
  std::optional<std::string> docker_config;  ///< docker --config
  /// Docker's own options that choose a configuration directory and an engine (--config, --context, --host,
  /// --tls...), as they were written: a `docker` that is run by this command needs them.
  std::vector<std::string> docker_options;
  bool debug = false;      ///< docker --debug
  bool by_docker = false;  ///< as a plugin, not by its own name
  /// The words for this plugin, without Docker's own options and the word "snowflake". Help that was
  /// requested before it, as in "docker help snowflake status", is moved to the end: "status --help".
  std::vector<std::string> words;
};

/// Parses a command line; `arguments` is what follows the program's name. Docker passes its own options on
/// unchanged.
Invocation parse_invocation(const std::vector<std::string>& arguments);

/// How many of the words at the beginning choose a connection: two of `-c dev images`. There must be a word.
std::ptrdiff_t length_of_connection(std::span<const std::string> words);

}  // namespace plugin::cli
