// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/commands.hpp"
#include "commands/setup/setup.hpp"
#include "docker/registry.hpp"
#include "docker_config/config_file.hpp"
#include "docker_config/docker_config.hpp"
#include "doctor/checks.hpp"
#include "ui/tty.hpp"

namespace plugin::commands {
namespace {

using base::Error;
using base::Kind;
using setup::SetupOptions;
using setup::TargetFile;

/// A config that names a helper which does not run here would break every pull and build.
void require_helper(Context& context) {
  const cli::CommandOptions options;
  doctor::CheckContext checked{context, options, std::nullopt};
  const auto helper = doctor::check_helper(checked);
  if (helper.state == doctor::State::failed)
    throw Error(Kind::config, helper.sentence, helper.next + "\n  then docker snowflake setup");
  if (helper.state == doctor::State::warning)
    context.err << "Warning: " << helper.sentence << "\n  " << helper.next << '\n';
}

/// What would fail after the questions, and after a login that may have rung a phone.
void require_files(const SetupOptions& options, Context& context) {
  for (const auto& target : setup::target_files(options, {}, context)) setup::require_writable(target);
  const auto record = docker_config::UndoRecord::read(context.environment).file();
  if (!record.empty()) docker_config::require_writable(docker_config::ConfigFile::read(record));
}

/// Shows how the files would change. Returns those that would.
std::vector<TargetFile> show_all(const std::vector<TargetFile>& targets, Context& context) {
  std::vector<TargetFile> changing;
  for (const auto& target : targets) {
    const auto text = docker_config::ConfigFile::read(target.path).text.value_or("");
    const auto plan = docker_config::plan(text, target.path.string(), target.desired);
    if (plan.is_empty()) continue;
    setup::show(target, plan, context);
    changing.push_back(target);
  }
  context.out.flush();
  return changing;
}

void write_all(const std::vector<TargetFile>& targets, Context& context) {
  const auto lock = setup::lock_out_others(context);
  auto record = docker_config::UndoRecord::read(context.environment);
  for (const auto& target : targets) setup::write(target, record, context);
}

void set_up(const SetupOptions& options, Context& context) {
  // A warning may explain why no connection was found: then do not offer to add one.
  const auto warnings = context.resolver.connections().warnings();
  for (const auto& warning : warnings) context.err << "Warning: " << warning << '\n';
  const bool is_first_run = setup::has_no_connection(context) && warnings.empty() && options.hosts.empty() &&
                            options.connections.empty() && !options.dry_run && !options.yes && ui::has_tty();
  // What will fail is said before anything is asked or sent.
  require_helper(context);
  std::optional<setup::Added> added;
  if (is_first_run) {
    require_files(options, context);
    context.out << "There is no Snowflake connection yet. First, some questions:\n" << std::flush;
    added = setup::add_connection({}, !options.no_login, context);
    if (!added) return;
  }
  const auto found = setup::find_registries(options, context);
  for (const auto& note : found.notes) context.err << "Warning: " << note << '\n';
  if (found.hosts.empty()) {
    throw Error(Kind::config, "no connection determines its registry host",
                "docker snowflake setup --ask gets it from Snowflake");
  }
  for (const auto& host : found.hosts) {
    // A host of the settings may be anything: Docker is not told about one that is not a registry of
    // Snowflake.
    const bool is_foreign = !docker::RegistryHost::parse(host);
    if (is_foreign && !options.dry_run && !options.no_login) setup::try_registry(host, context);
  }
  const auto targets = setup::target_files(options, found.hosts, context);
  const auto changing = show_all(targets, context);
  setup::print_chosen_connections(found, context);
  if (changing.empty()) context.out << "Docker is set up already: nothing to change.\n";
  if (options.dry_run) return;
  if (!changing.empty()) {
    const std::string if_not =
        added ? "Docker's files were not changed: docker push does not use connection '" +
                    base::printable(added->name, 100) + "' yet, which stays in " + added->file.string() +
                    ".\nNext: docker snowflake setup\n"
              : "Nothing was changed.\n";
    if (!setup::is_confirmed(options, context, if_not)) return;
    write_all(changing, context);
    if (!options.yes && setup::wants_hints(targets.front(), context)) {
      auto docker = targets.front();
      docker.desired.hints = true;
      write_all({docker}, context);
    }
  }
  if (!options.yes && ui::has_tty())
    setup::offer_interactive(docker_config::UndoRecord::read(context.environment), context);
  const auto print_undo = [&] {
    if (!changing.empty()) context.out << "To undo this: docker snowflake setup --undo\n" << std::flush;
  };
  if (!options.no_login) {
    if (!added) context.out << "Logging in to test it.\n" << std::flush;
    try {
      setup::verify(found, added, context);
    } catch (...) {
      print_undo();
      throw;
    }
  }
  print_undo();
}

/// The options that --undo does not take.
void add_options(CLI::App& command, SetupOptions& options) {
  const auto list = [&](const char* flags, std::vector<std::string>& into, const char* text) {
    cli::refuse_empty(command.add_option(flags, into, text))
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->allow_extra_args(false);
  };
  list("--host", options.hosts, "Only this registry; may be repeated");
  list("-c,--connection", options.connections, "Only the registry of this connection; may be repeated");
  command.add_option("--docker-config", options.docker_config, "Use the config.json in this directory");
  command.add_flag("--ask", options.ask_server,
                   "Get the hosts from Snowflake, including those of private connectivity");
  command.add_flag("--podman", options.podman,
                   "Set up podman, buildah and skopeo even when none is installed");
  command.add_flag("--keep-logins", options.keep_logins,
                   "Leave what 'docker login' stored for these registries");
  command.add_flag("--no-login", options.no_login, "Do not log in to the registries at the end");
  command.add_flag("--no-sign-in", options.no_login)->group("");
}

}  // namespace

void add_setup(CLI::App& app, Context& context) {
  auto* command =
      app.add_subcommand("setup", "Make docker, podman and helm use your connections; --undo reverts it");
  const auto options = std::make_shared<SetupOptions>();
  add_options(*command, *options);
  const auto only_for_setup =
      command->get_options([](const CLI::Option* option) { return !option->check_lname("help"); });
  command->add_flag("--undo", options->undo, "Restore the files as they were before");
  command->add_flag("--dry-run", options->dry_run, "Only show the changes");
  command->add_flag("-y,--yes", options->yes, "Do not ask before writing");
  command->callback([options, only_for_setup, &context] {
    if (!options->undo) return set_up(*options, context);
    const auto other =
        std::ranges::find_if(only_for_setup, [](const CLI::Option* option) { return option->count() > 0; });
    if (other != only_for_setup.end()) {
      throw Error(Kind::usage,
                  "Parameters '--undo' and '" + (*other)->get_name() +
                      "' are incompatible and cannot be used simultaneously.",
                  "docker snowflake setup --undo reverts everything that setup wrote for Docker");
    }
    setup::undo(*options, context);
  });
}

}  // namespace plugin::commands
