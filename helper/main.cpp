// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "base/interruption.hpp"
#include "base/secret.hpp"
#include "base/standard_streams.hpp"
#include "config/sources.hpp"
#include "helper.hpp"
#include "kubelet_provider.hpp"
#include "snowflake/registry_access.hpp"
#include "token/stores/keyring_store.hpp"
#include "ui/terminal.hpp"

namespace {

/// Docker itself waits for ever, but some callers give up after 30 seconds (`docker/PROTOCOL.md` 1.3).
constexpr std::chrono::seconds timeout{25};
/// Whoever lets the helper ask has callers that wait for people.
constexpr std::chrono::minutes timeout_for_people{10};

int tell(const helper::Answer& answer) {
  const bool is_told = base::write_standard_output(answer.out.reveal());
  base::write_standard_error(answer.err);
  return is_told ? answer.status : 1;
}

/// A kubelet names a program's link, or a word, that Docker never does. Nothing of what follows in `main` is
/// for it.
std::optional<int> run_for_kubelet(std::string_view program, const std::vector<std::string_view>& arguments) {
  const bool has_word = !arguments.empty() && arguments.front() == helper::kubelet_provider_word;
  if (!has_word && !program.ends_with(helper::kubelet_provider_word)) return std::nullopt;
  return helper::run_kubelet_provider({arguments.begin() + (has_word ? 1 : 0), arguments.end()});
}

}  // namespace

int main(int argc, char** argv) {
  base::forbid_core_dumps();
  const std::vector<std::string_view> arguments{argv + std::min(argc, 1), argv + argc};
  if (const auto status = run_for_kubelet(argc > 0 ? argv[0] : "", arguments)) return *status;
  try {
    const auto environment = base::Environment::of_process();
    base::SystemClock clock;
    token::KeyringStore front{clock};
    snowflake::RegistryAccess registries{environment, clock, timeout};
    ui::Terminal terminal{environment};
    const auto open_prompter = [&terminal]() -> ui::Prompter* {
      if (!ui::Terminal::is_there()) return nullptr;
      base::note_interruptions();
      return &terminal;
    };
    registries.use_prompter_if_allowed(open_prompter, timeout_for_people);
    helper::World world{config::fingerprint(environment, registries.files()), front, registries, clock};
    const auto read_input = [] { return base::read_standard_input(helper::max_input); };
    return tell(helper::answer(arguments, read_input, world));
  } catch (const base::Error& error) {
    return tell(helper::report(error));
  } catch (const base::Interrupted&) {
    return 130;
  } catch (const std::exception& error) {
    return tell(helper::report({base::Kind::internal, error.what()}));
  }
}
