// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <iostream>

#include "base/interruption.hpp"
#include "base/program.hpp"
#include "config/connection_keys.hpp"
#include "plugin.hpp"
#include "plugin_socket.hpp"
#include "ui/terminal.hpp"

namespace {

/// Statements may take long, and a user can press Ctrl-C.
constexpr std::chrono::hours timeout{1};

int run(const std::vector<std::string>& arguments) {
  const auto environment = base::Environment::of_process(&config::is_hidden_from_children);
  base::SystemClock clock;
  plugin::end_with_docker(environment);
  config::RegistryResolver resolver{environment};
  ui::Terminal terminal{environment};
  plugin::Wiring wiring{environment, clock, resolver, timeout, &terminal};
  plugin::Context context{
      environment, clock,     resolver,  wiring,
      terminal,    std::cout, std::cerr, plugin::output::Terminal::of_process(environment)};
  try {
    const int status = plugin::run(arguments, context);
    context.out.flush();
    if (status != 0 || context.out) return status;
    // As a program that SIGPIPE ends: `docker snowflake images | head -1` is no mistake.
    if (base::standard_output_is_closed()) return 128 + SIGPIPE;
    throw base::Error(base::Kind::config, "standard output cannot be written to",
                      "check that it is open and that the disk is not full: df -h .");
  } catch (const base::Error& error) {
    context.out.flush();
    return plugin::report(error, context.enhanced_exit_codes, context.err);
  }
}

}  // namespace

int main(int argc, char** argv) {
  base::prepare_program();
  // Docker asks this of every plugin at each of its own help texts: nothing else is to be done before it.
  if (argc == 2 && std::string_view{argv[1]} == "docker-cli-plugin-metadata") {
    std::cout << plugin::metadata() << std::endl;
    return 0;
  }
  base::note_interruptions();
  try {
    return run({argv + 1, argv + argc});
  } catch (const base::Error& error) {
    return plugin::report(error, false, std::cerr);
  } catch (const base::Interrupted&) {
    return 130;
  } catch (const std::bad_alloc&) {
    return plugin::report({base::Kind::network, "an answer is too large for the memory of this machine"},
                          false, std::cerr);
  } catch (const std::exception& error) {
    return plugin::report({base::Kind::internal, error.what()}, false, std::cerr);
  }
}
