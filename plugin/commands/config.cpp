// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <ostream>

#include "base/error.hpp"
#include "base/file_change.hpp"
#include "base/text.hpp"
#include "base/user_file.hpp"
#include "cli/command_options.hpp"
#include "commands/commands.hpp"
#include "commands/setup/setup.hpp"
#include "config/registry_resolver.hpp"
#include "output/list.hpp"
#include "settings_file/settings_file.hpp"

namespace plugin::commands {
namespace {

using base::UserFile;
using settings_file::Setting;

struct Shown {
  std::string key;
  std::string value;
  std::string source;
};

/// Registries without a `connection` setting: the connection is derived from the account.
std::vector<Shown> derived(const std::vector<settings_file::Entry>& entries, Context& context) {
  std::vector<Shown> rows;
  for (const auto& name : context.resolver.hosts()) {
    const Setting setting{name, "connection"};
    const auto same = [&](const auto& entry) { return entry.setting.text() == setting.text(); };
    const auto host = context.resolver.find(name);
    if (!host || std::ranges::any_of(entries, same)) continue;
    try {
      const auto connection = context.resolver.connection_for(*host);
      rows.push_back({setting.text(), connection.name, "account of the connection"});
    } catch (const base::Error& error) {
      context.err << "Warning: " << error.what() << '\n';
    }
  }
  return rows;
}

std::vector<Shown> effective(Context& context) {
  const auto file = context.resolver.paths().settings;
  const bool named = context.environment.non_empty("DOCKER_SNOWFLAKE_CONFIG").has_value();
  std::vector<Shown> rows = {{"file", file.string(), named ? "DOCKER_SNOWFLAKE_CONFIG" : "default"}};
  context.resolver.settings();  // whatever is wrong with the file comes first
  const auto entries = settings_file::entries(UserFile::read(file).text.value_or(""), file.string());
  const auto source = [&](const auto& entry) { return file.string() + ":" + std::to_string(entry.line); };
  for (const auto& [name, by_default] : settings_file::plain_settings) {
    const auto entry = std::ranges::find_if(entries, [&, plain = name](const auto& one) {
      return one.setting.host.empty() && one.setting.name == plain;
    });
    rows.push_back(entry == entries.end() ? Shown{std::string{name}, std::string{by_default}, "default"}
                                          : Shown{std::string{name}, entry->value, source(*entry)});
  }
  for (const auto& entry : entries) {
    if (!entry.setting.host.empty()) rows.push_back({entry.setting.text(), entry.value, source(entry)});
  }
  for (auto& row : derived(entries, context)) rows.push_back(std::move(row));
  return rows;
}

void show(output::Format format, bool quiet, Context& context) {
  output::List list{{{"KEY"}, {"VALUE"}, {.header = "SOURCE", .may_be_left_out = true}}};
  for (const auto& row : effective(context)) list.add({row.key, row.value, row.source});
  list.print(context.out, quiet ? output::Format::name : format, context.terminal);
}

/// Two changes at the same time would lose one. Where no lock can be had, the file is changed without one.
std::optional<base::FileLock> lock_if_possible(Context& context) {
  try {
    return setup::lock_setup(context);
  } catch (const base::Error& error) {
    if (error.kind() == base::Kind::busy) throw;
    return std::nullopt;
  }
}

/// Replaces the file, unless another program has changed it since it was read.
void write(const std::string& text, const UserFile& file, Context& context) {
  if (text == file.text) {
    context.out << "Nothing to change.\n";
    return;
  }
  if (!file.replace(text)) {
    throw base::Error(base::Kind::config, file.path.string() + " was changed by another program just now",
                      "look at it, then run this again");
  }
  context.out << "Wrote " << file.path.string() << '\n';
}

void set(const std::string& key, const std::string& value, Context& context) {
  const auto setting = Setting::parse(key);
  setting.require_registry_host();
  const auto lock = lock_if_possible(context);
  const auto file = UserFile::read(context.resolver.paths().settings);
  const auto text = settings_file::set(file.text.value_or(""), file.path.string(), setting, value);
  if (setting.name == "connection") {
    const auto names = context.resolver.connections().names();
    if (std::ranges::find(names, value) == names.end())
      context.err << "Warning: there is no connection '" << base::printable(value, 200) << "' yet\n";
  }
  write(text, file, context);
}

void unset(const std::string& key, Context& context) {
  const auto setting = Setting::parse(key);
  const auto lock = lock_if_possible(context);
  const auto file = UserFile::read(context.resolver.paths().settings);
  const auto before = file.text.value_or("");
  const auto text = settings_file::unset(before, file.path.string(), setting);
  write(text, file.text ? file : UserFile{file.path, file.target, text}, context);
}

}  // namespace

void add_config(CLI::App& app, Context& context) {
  auto* group = app.add_subcommand("config", "Show or change the settings of this program");
  const auto format = std::make_shared<output::Format>(output::Format::table);
  group->add_option_function<std::string>(
      "--format", [format](const std::string& word) { *format = output::parse_format(word); },
      "TABLE, PLAIN, JSON, JSON_EXT or CSV");
  cli::add_output_option(*group, format);
  const auto quiet = std::make_shared<bool>(false);
  group->add_flag("-q,--quiet", *quiet, "Keys only");
  group->callback([group, format, quiet, &context] {
    if (group->get_subcommands().empty()) show(*format, *quiet, context);
  });
  const auto key = std::make_shared<std::string>();
  const auto value = std::make_shared<std::string>();
  auto* change = group->add_subcommand("set", "Change a setting, and nothing else in the file");
  change
      ->add_option("key", *key,
                   "store, interactive, registries.HOST.connection, registries.HOST.role or "
                   "registries.HOST.through, with the host of a registry")
      ->required()
      ->option_text("KEY");
  change
      ->add_option("value", *value,
                   "store: auto, keyring, secret-service or none (where tokens are stored).\n"
                   "interactive: never or terminal (whether docker push may ask you).\n"
                   "connection: its name. role: its name.\n"
                   "through: snow (the Snowflake CLI gets tokens) or pat (the access token of the "
                   "connection is the password)")
      ->required()
      ->option_text("VALUE");
  change->callback([key, value, &context] { set(*key, *value, context); });
  auto* removal = group->add_subcommand("unset", "Remove a setting from the file");
  removal->add_option("key", *key, "As for set")->required()->option_text("KEY");
  removal->callback([key, &context] { unset(*key, context); });
}

}  // namespace plugin::commands
