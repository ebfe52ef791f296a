// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "base/secret.hpp"
#include "plugin.hpp"

namespace {

/// A person waits, and can press Ctrl-C.
constexpr std::chrono::seconds patience{120};

int run(const std::vector<std::string>& arguments) {
  const auto environment = base::Environment::of_process();
  base::SystemClock clock;
  snowflake::RegistryAccess registries{environment, clock, patience};
  plugin::Context context{environment, clock, registries, std::cout, std::cerr};
  const int status = plugin::run(arguments, context);
  std::cout.flush();
  return status == 0 && !std::cout ? 1 : status;
}

}  // namespace

int main(int argc, char** argv) {
  base::forbid_core_dumps();
  try {
    // Docker asks this of every plugin at each of its own help texts: nothing else is to be done before it.
    if (argc == 2 && std::string_view{argv[1]} == "docker-cli-plugin-metadata") {
      std::cout << plugin::metadata() << std::endl;
      return 0;
    }
    return run({argv + 1, argv + argc});
  } catch (const base::Error& error) {
    return plugin::report(error, std::cerr);
  } catch (const std::exception& error) {
    return plugin::report({base::Kind::internal, error.what()}, std::cerr);
  }
}
