// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <ostream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/user_file.hpp"
#include "commands/commands.hpp"
#include "commands/setup/setup.hpp"
#include "doctor/checks.hpp"
#include "ui/tty.hpp"

namespace plugin::commands {
namespace {

using base::Error;
using base::Kind;
using base::UserFile;
using setup::SetupOptions;
using setup::TargetFile;

/// A config that names a helper which does not run here would break every pull and build.
void require_helper(Context& context) {
  const cli::CommandOptions options;
  doctor::CheckContext check_context{context, options, std::nullopt};
  const auto helper = doctor::check_helper(check_context);
  if (helper.state == doctor::State::failed)
    throw Error(Kind::config, helper.sentence, helper.next + "\n  then docker snowflake setup");
  if (helper.state == doctor::State::warning)
    context.err << "Warning: " << helper.sentence << "\n  " << helper.next << '\n';
}

/// Throws if the files cannot be written: before the questions, and a login that may ring a phone.
void require_writable_files(const SetupOptions& options, Context& context) {
  for (const auto& target : setup::target_files(options, {}, context)) setup::require_writable(target);
  const auto record = docker_config::UndoRecord::read(context.environment).file();
  if (!record.empty()) UserFile::read(record).require_writable();
}

/// Shows how the files would change. Returns those that would.
std::vector<TargetFile> show_all(const std::vector<TargetFile>& targets, Context& context) {
  std::vector<TargetFile> changing;
  for (const auto& target : targets) {
    const auto text = UserFile::read(target.path).text.value_or("");
    const auto plan = docker_config::plan(text, target.path.string(), target.desired);
    if (plan.is_empty()) continue;
    setup::show(target, plan, context);
    changing.push_back(target);
  }
  context.out.flush();
  return changing;
}

void write_all(const std::vector<TargetFile>& targets, Context& context) {
  const auto lock = setup::lock_setup(context);
  auto record = docker_config::UndoRecord::read(context.environment);
  for (const auto& target : targets) setup::write(target, record, context);
}

/// Asks, writes the files, and offers docker's hints. Returns false when the user said no.
bool write_if_confirmed(const SetupOptions& options, const std::vector<TargetFile>& changing,
                        TargetFile docker, const std::optional<setup::Added>& added, Context& context) {
  const std::string if_not = added
                                 ? "Docker's files were not changed: docker push does not use connection '" +
                                       base::printable(added->name, 100) + "' yet, which stays in " +
                                       added->file.string() + ".\nNext: docker snowflake setup\n"
                                 : "Nothing was changed.\n";
  if (!setup::is_confirmed(options, context, if_not)) return false;
  write_all(changing, context);
  if (!options.yes && setup::wants_hints(docker, context)) {
    docker.desired.hints = true;
    write_all({docker}, context);
  }
  return true;
}

/// Whether there is no connection at all, neither in files nor in variables, and no warning explains that.
bool has_no_connection(Context& context) {
  const auto& connections = context.resolver.connections();
  return connections.names().empty() && connections.warnings().empty() &&
         connections.select({.name = {}, .temporary = true, .options = {}}).fields.empty() &&
         context.resolver.hosts().empty();
}

void set_up(const SetupOptions& options, Context& context) {
  for (const auto& warning : context.resolver.connections().warnings())
    context.err << "Warning: " << warning << '\n';
  const bool asks = !options.dry_run && !options.yes && ui::has_tty();
  const bool is_for_all = options.hosts.empty() && options.connections.empty();
  // Whatever will fail should fail before anything is asked or sent.
  require_helper(context);
  std::optional<setup::Added> added;
  if (asks && is_for_all && has_no_connection(context)) {
    require_writable_files(options, context);
    context.out << "There is no Snowflake connection yet. First, some questions:\n" << std::flush;
    added = setup::add_connection({}, !options.no_login, context);
    if (!added) return;
  }
  const auto found = setup::find_registries(options, context);
  if (!options.dry_run && !options.no_login) setup::verify_foreign(found, context);
  const auto targets = setup::target_files(options, found.hosts, context);
  const auto changing = show_all(targets, context);
  setup::print_chosen_connections(found, context);
  if (changing.empty()) context.out << "Docker is set up already: nothing to change.\n";
  if (options.dry_run) return;
  if (!changing.empty() && !write_if_confirmed(options, changing, targets.front(), added, context)) return;
  if (asks) setup::offer_interactive(context);
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

/// Users may name the file where its directory is expected.
void refuse_file(const std::string& docker_config) {
  std::error_code ignored;
  const std::filesystem::path path{docker_config};
  if (!std::filesystem::is_regular_file(path, ignored)) return;
  const auto directory = path.has_parent_path() ? path.parent_path().string() : ".";
  throw Error(Kind::usage,
              "Invalid value for '--docker-config': '" + base::printable(docker_config, 200) + "' is a file.",
              "name its directory: --docker-config " + base::printable(directory, 200));
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
    if (options->docker_config) refuse_file(*options->docker_config);
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
