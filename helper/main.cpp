// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "base/interruption.hpp"
#include "base/program.hpp"
#include "config/connection_keys.hpp"
#include "config/registry_resolver.hpp"
#include "helper.hpp"
#include "kubelet_install.hpp"
#include "kubelet_provider.hpp"
#include "token/stores/keyring_store.hpp"
#include "wiring.hpp"

namespace {

/// Writes the answer; returns the exit code.
int print(const helper::Answer& answer) {
  const bool is_written = base::write_standard_output(answer.out.reveal());
  base::write_standard_error(answer.err);
  return is_written ? answer.status : 1;
}

/// Runs the commands for kubelets, which start this program by another name or with a word that Docker never
/// uses. Absent for Docker's requests.
std::optional<int> run_for_kubelet(std::string_view program, const std::vector<std::string_view>& arguments) {
  if (!arguments.empty() && helper::is_kubelet_node_word(arguments.front()))
    return helper::run_kubelet_node_word(arguments.front(), {arguments.begin() + 1, arguments.end()});
  const bool has_word = !arguments.empty() && arguments.front() == helper::kubelet_provider_word;
  if (!has_word && !program.ends_with(helper::kubelet_provider_word)) return std::nullopt;
  return helper::run_kubelet_provider({arguments.begin() + (has_word ? 1 : 0), arguments.end()});
}

}  // namespace

int main(int argc, char** argv) {
  base::prepare_program();
  const std::vector<std::string_view> arguments{argv + std::min(argc, 1), argv + argc};
  if (const auto status = run_for_kubelet(argc > 0 ? argv[0] : "", arguments)) return *status;
  try {
    const auto environment = base::Environment::of_process(&config::is_hidden_from_children);
    base::SystemClock clock;
    token::KeyringStore ready{clock};
    config::RegistryResolver resolver{environment};
    const auto fingerprint = config::fingerprint(environment, resolver.paths());
    helper::Wiring wiring{environment, clock, resolver, fingerprint};
    helper::World world{fingerprint.value,
                        ready,
                        resolver,
                        clock,
                        [&](const docker::RegistryHost& host) { return wiring.token_for(host); },
                        [&](const docker::RegistryHost& host) { wiring.forget(host); }};
    const auto read_input = [] { return base::read_standard_input(helper::max_input); };
    return print(helper::answer(arguments, read_input, world));
  } catch (const base::Error& error) {
    return print(helper::report(error));
  } catch (const base::Interrupted&) {
    return 130;
  } catch (const std::bad_alloc&) {
    return print(helper::report({base::Kind::network, "an answer is too large for this machine's memory"}));
  } catch (const std::exception& error) {
    return print(helper::report({base::Kind::internal, error.what()}));
  }
}
