// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>

#include "base/error.hpp"
#include "commands.hpp"
#include "commands/setup/setup.hpp"
#include "docker_config/config_file.hpp"
#include "docker_config/places.hpp"
#include "ui/tty.hpp"

namespace plugin {
namespace {

using base::Error;
using base::Kind;
using setup::Given;
using setup::Target;

void require_helper(Context& context) {
  constexpr const char* helper = "docker-credential-snowflake";
  if (docker_config::find_program(helper, context.environment)) return;
  throw Error(Kind::config, std::string{helper} + " is not on the PATH, where Docker looks for it",
              "put it into a folder of the PATH, /usr/local/bin for one");
}

/// The files that have to change. Shows how.
std::vector<Target> show_all(const std::vector<Target>& targets, Context& context) {
  std::vector<Target> changing;
  for (const auto& target : targets) {
    const auto text = docker_config::ConfigFile::read(target.file).text.value_or("");
    const auto plan = docker_config::plan(text, target.file.string(), target.wish);
    if (plan.is_empty()) continue;
    setup::show(target, plan, context);
    changing.push_back(target);
  }
  context.out.flush();
  return changing;
}

void write_all(const std::vector<Target>& targets, Context& context) {
  const auto lock = setup::lock_out_others(context);
  auto record = docker_config::UndoRecord::read(context.environment);
  for (const auto& target : targets) setup::write(target, record, context);
}

void set_up(const Given& given, Context& context) {
  const auto found = setup::find_registries(given, context);
  for (const auto& warning : context.resolver.connections().warnings())
    context.err << "Warning: " << warning << '\n';
  for (const auto& note : found.notes) context.err << "Warning: " << note << '\n';
  if (found.hosts.empty()) {
    throw Error(Kind::config, "no connection tells the name of its registry",
                "docker snowflake setup --ask asks Snowflake for it");
  }
  require_helper(context);
  const auto changing = show_all(setup::targets_for(given, found.hosts, context), context);
  if (changing.empty()) context.out << "Everything is set up: nothing to change.\n";
  if (given.dry_run) return;
  if (!changing.empty()) {
    if (!given.yes &&
        !ui::confirm("Write this?",
                     "docker snowflake setup --yes writes without asking, --dry-run only shows")) {
      context.out << "Nothing was changed.\n";
      return;
    }
    write_all(changing, context);
    context.out << "To take it back: docker snowflake setup --undo\n";
  }
  if (given.without_sign_in) return;
  context.out << "Signing in to try it.\n";
  context.out.flush();
  setup::prove(found.hosts, context);
}

/// What there is to say of a setup, and not of its undoing.
void add_wishes(CLI::App& command, Given& given) {
  const auto list = [&](const char* flags, std::vector<std::string>& into, const char* text) {
    command.add_option(flags, into, text)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->allow_extra_args(false);
  };
  list("--host", given.hosts, "Only this registry; may be repeated");
  list("-c,--connection", given.connections, "Only the registry of this connection; may be repeated");
  command.add_option("--docker-config", given.docker_config, "Folder of another config.json of Docker");
  command.add_flag("--ask", given.asks_server, "Ask Snowflake for the hosts, private connectivity included");
  command.add_flag("--podman", given.podman,
                   "podman, buildah and skopeo as well, also when none is installed");
  command.add_flag("--keep-logins", given.keeps_logins,
                   "Leave what 'docker login' stored for these registries");
  command.add_flag("--no-sign-in", given.without_sign_in, "Do not try the registries at the end");
}

}  // namespace

void add_setup(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand(
      "setup", "Let docker, podman, helm and others use your connections; --undo takes it back");
  const auto given = std::make_shared<Given>();
  const auto undo = std::make_shared<bool>(false);
  add_wishes(*command, *given);
  const auto wishes =
      command->get_options([](const CLI::Option* option) { return !option->check_lname("help"); });
  command->add_flag("--undo", *undo, "Put back what was there before");
  command->add_flag("--dry-run", given->dry_run, "Show the changes, and make none");
  command->add_flag("-y,--yes", given->yes, "Do not ask before writing");
  command->callback([given, undo, wishes, &context] {
    if (!*undo) return set_up(*given, context);
    const auto other =
        std::ranges::find_if(wishes, [](const CLI::Option* option) { return option->count() > 0; });
    if (other != wishes.end()) {
      throw Error(Kind::usage,
                  "Parameters '--undo' and '" + (*other)->get_name() +
                      "' are incompatible and cannot be used simultaneously.",
                  "--undo alone takes back everything that setup has written");
    }
    setup::take_back(*given, context);
  });
}

}  // namespace plugin
