// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ostream>

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "base/user_file.hpp"
#include "commands/setup/setup.hpp"
#include "docker_config/container_tools.hpp"
#include "docker_config/docker_config.hpp"
#include "ui/tty.hpp"

namespace plugin::commands::setup {
namespace {

using base::UserFile;
using docker_config::DesiredConfig;
using docker_config::DockerConfig;
using docker_config::Edit;
using docker_config::Plan;

constexpr const char* container_tools = "podman, buildah and skopeo";
constexpr std::chrono::seconds lock_timeout{10};
constexpr std::chrono::seconds store_timeout{5};
constexpr std::chrono::seconds version_timeout{5};

DockerConfig config_in(const TargetFile& target) {
  return DockerConfig::read(UserFile::read(target.path).text.value_or(""), target.path.string());
}

/// The store that Docker uses by default, if it works here: without a desktop, or before 'pass init', it does
/// not, and a config that names it would break every other login.
std::optional<std::string> working_default_store(const base::Environment& environment) {
  const auto store = docker_config::default_store(environment);
  if (!store) return std::nullopt;
  const auto answer =
      base::run_program({"docker-credential-" + *store, "list"}, base::Secret{}, environment, store_timeout);
  // When it does not work, 'docker login' itself says that it stores logins in config.json.
  const bool works =
      answer && answer->status == 0 && base::parse_json(answer->out).value_or(base::Json{}).is_object();
  return works ? store : std::nullopt;
}

/// Whether the docker client shows hints of plugins: those from 26.1 on do.
bool supports_hints(const base::Environment& environment) {
  const auto docker = base::find_program("docker", environment);
  if (!docker) return false;
  const auto answer =
      base::run_program({docker->string(), "--version"}, base::Secret{}, environment, version_timeout);
  constexpr std::string_view prefix = "Docker version ";
  if (!answer || !answer->out.starts_with(prefix)) return false;
  const auto numbers = base::split(answer->out.substr(prefix.size()), '.');
  const auto major = base::whole_number(numbers[0]).value_or(0);
  const auto minor = numbers.size() > 1 ? base::whole_number(numbers[1]).value_or(0) : 0;
  return major > 26 || (major == 26 && minor >= 1);
}

void add_containers(std::vector<TargetFile>& targets, DesiredConfig desired,
                    const base::Environment& environment) {
  targets.push_back({docker_config::containers_file(environment), desired, container_tools});
  // A login there has precedence over every helper.
  const auto runtime = docker_config::containers_runtime_file(environment);
  if (!runtime || !UserFile::read(*runtime).text) return;
  desired.helpers = false;
  targets.push_back({*runtime, std::move(desired), container_tools});
}

std::string line_of(const Edit& edit) {
  const std::string sign = !edit.now ? "-" : edit.was ? "~" : "+";
  std::string line =
      "  " + sign + " " + (edit.object.empty() ? "" : edit.object + "  ") + base::printable(edit.key);
  if (edit.now) line += "  " + *edit.now;
  if (edit.now && edit.was) line += "  (was " + base::printable(*edit.was, 60) + ")";
  if (edit.object.empty() && edit.key == "credsStore") line += "  (where Docker stores other logins already)";
  return line;
}

bool write_once(const UserFile& file, const Plan& plan, docker_config::UndoRecord& record) {
  file.require_writable();
  // The backup shows how the file was at first, not after an earlier setup.
  const bool is_first =
      std::ranges::find(record.changes, file.path, &docker_config::Change::file) == record.changes.end();
  if (is_first && file.text && !docker_config::is_blank(*file.text))
    file.back_up(docker_config::without_secrets(*file.text, file.path.string()));
  // The record first: when this program is killed in between, a record of nothing is harmless, a change
  // without a record is not.
  record.changes.push_back(docker_config::change_of(file.path, file.text, plan));
  const auto forget = [&record] {
    record.changes.pop_back();
    record.write();
  };
  try {
    record.write();
    if (file.replace(plan.text)) return true;
  } catch (...) {
    forget();
    throw;
  }
  forget();
  return false;
}

}  // namespace

std::vector<TargetFile> target_files(const SetupOptions& options, const std::vector<std::string>& hosts,
                                     Context& context) {
  const auto& environment = context.environment;
  const DesiredConfig desired{.hosts = hosts, .keep_logins = options.keep_logins};
  const auto& given = options.docker_config ? options.docker_config : context.docker_config;
  std::vector<TargetFile> targets = {{docker_config::docker_file(environment, given), desired}};
  if (options.podman || docker_config::has_container_tool(environment))
    add_containers(targets, desired, environment);
  if (base::find_program("helm", environment))
    targets.push_back({docker_config::helm_file(environment), desired, "helm"});
  // Asked only when it matters: a store may ask the user to unlock it.
  const auto looks_for_store = [](const TargetFile& target) {
    return target.readers != container_tools && !config_in(target).has_credentials();
  };
  if (std::ranges::any_of(targets, looks_for_store)) {
    const auto store = working_default_store(environment);
    for (auto& target : targets) {
      if (looks_for_store(target)) target.desired.default_store = store;
    }
  }
  return targets;
}

bool wants_hints(const TargetFile& docker, Context& context) {
  if (config_in(docker).plugins.contains("snowflake") || !supports_hints(context.environment)) return false;
  context.out.flush();
  return ui::confirm("May docker show a hint when a push or pull fails?", "docker snowflake setup");
}

bool is_confirmed(const SetupOptions& options, Context& context, const std::string& if_not) {
  context.out.flush();
  if (options.dry_run) return false;
  if (options.yes) return true;
  const std::string command = options.undo ? "setup --undo" : "setup";
  const char* without_asking =
      options.undo ? "docker snowflake setup --undo --yes"
                   : "docker snowflake setup --yes writes without asking, --dry-run only shows the changes";
  if (!ui::has_tty())
    throw base::Error(base::Kind::usage, command + " asks before it writes, and there is no terminal",
                      without_asking);
  if (ui::confirm(options.undo ? "Undo this?" : "Write this?", without_asking,
                  options.undo ? ui::OnEnter::no : ui::OnEnter::yes))
    return true;
  context.out << if_not;
  return false;
}

base::FileLock lock_setup(Context& context) {
  return {context.environment.runtime_directory() / "docker-snowflake-setup.lock",
          "another 'docker snowflake setup'", base::Deadline{context.clock, lock_timeout}, context.clock};
}

void require_writable(const TargetFile& target) {
  try {
    UserFile::read(target.path).require_writable();
  } catch (const base::Error& error) {
    const bool is_of_docker = target.readers.empty();
    if (!is_of_docker) throw;
    throw base::Error(error.kind(), error.what(),
                      error.hint() +
                          "; or use another directory: export DOCKER_CONFIG=<directory>, then "
                          "docker snowflake setup");
  }
}

void show(const TargetFile& target, const Plan& plan, Context& context) {
  require_writable(target);
  const bool is_new = !UserFile::read(target.path).text;
  context.out << target.path.string() << (is_new ? " (new)" : "") << (target.readers.empty() ? "" : ", for ")
              << target.readers << '\n';
  for (const auto& edit : plan.edits) {
    // Creating the object for later members is not worth showing.
    const bool creates_object = edit.object.empty() && edit.now == "{}";
    if (!creates_object) context.out << line_of(edit) << '\n';
  }
  for (const auto& login : plan.old_logins) {
    context.out << "  - auths  " << base::printable(docker_config::without_user_info(login))
                << "  (an old login; --undo does not restore it)\n";
  }
  const auto config = DockerConfig::read(plan.text, target.path.string());
  for (const auto& mismatch : config.mismatches) context.err << "Warning: " << mismatch << '\n';
  for (const auto& program : docker_config::missing_helpers(config, context.environment)) {
    context.err << "Warning: " << target.path.string() << " names " << base::printable(program, 100)
                << ", which is not on the PATH: logins, pulls and builds that need it fail\n";
  }
}

void write(const TargetFile& target, docker_config::UndoRecord& record, Context& context) {
  UserFile::change(target.path, [&](const UserFile& file) {
    const auto plan = docker_config::plan(file.text.value_or(""), target.path.string(), target.desired);
    if (plan.is_empty()) return true;
    if (!write_once(file, plan, record)) return false;
    context.out << "Wrote " << target.path.string() << '\n';
    return true;
  });
}

}  // namespace plugin::commands::setup
