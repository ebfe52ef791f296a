// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "config/registry_resolver.hpp"
#include "output/format.hpp"
#include "ui/prompter.hpp"
#include "wiring.hpp"

namespace plugin {

/// What every command works with.
struct Context {
  const base::Environment& environment;
  base::Clock& clock;
  config::RegistryResolver& resolver;
  Wiring& wiring;
  ui::Prompter& prompter;
  std::ostream& out;
  std::ostream& err;
  output::Terminal terminal = {};
  std::optional<std::string> docker_config = {};  ///< docker --config
  /// How to run the docker client: its name, and the options of this invocation that choose its configuration
  /// directory and its engine.
  std::vector<std::string> docker = {"docker"};
  std::vector<std::string> words = {};  ///< the command line, without what was meant for docker
  bool enhanced_exit_codes = false;     ///< `--enhanced-exit-codes`
  int status = 0;                       ///< exit status of a command that failed and has already reported it
};

}  // namespace plugin
