// SPDX-License-Identifier: Apache-2.0
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <ostream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/commands.hpp"
#include "config/config_paths.hpp"
#include "doctor/checks.hpp"
#include "kubelet/node_check.hpp"
#include "kubernetes/manifests.hpp"
#include "ui/tty.hpp"

namespace plugin::commands {
namespace {

using base::Error;
using base::Kind;
using doctor::Report;
using Words = std::vector<std::string>;

struct DoctorOptions {
  std::optional<std::string> target;
  bool json = false;
  bool pull_only = false;
  bool fix = false;
  bool yes = false;
  std::optional<std::string> bundle;
  bool force = false;
  bool kubernetes = false;
  std::optional<std::string> kubelet_config;
  std::optional<std::string> kubelet_bin_dir;
  std::optional<std::string> service_account;
};

/// `given`, else the flags of the running kubelet, else the files of the platform that this node is of.
doctor::Node node_of(const DoctorOptions& given) {
  doctor::Node node{given.kubelet_config.value_or(""), given.kubelet_bin_dir.value_or(""),
                    given.service_account};
  if (!node.config.empty()) return node;
  if (const auto running = kubelet::find_running_kubelet()) {
    if (!running->bin_dir.empty()) node.config = running->config;
    node.bin_dir = running->bin_dir;
    return node;
  }
  for (const auto& platform : kubernetes::platforms()) {
    std::error_code ignored;
    if (!std::filesystem::exists(platform.config, ignored)) continue;
    node.config = platform.config;
    node.bin_dir = platform.bin_dir;
    return node;
  }
  return node;
}

void require_node_options_fit(const DoctorOptions& given) {
  if (!given.kubernetes && (given.kubelet_config || given.kubelet_bin_dir || given.service_account)) {
    throw Error(Kind::usage, "--kubelet-config, --kubelet-bin-dir and --service-account need --kubernetes",
                "add --kubernetes");
  }
  if (!given.kubernetes) return;
  if (!given.target)
    throw Error(Kind::usage, "--kubernetes needs the registry host that pods pull from",
                "docker snowflake doctor --kubernetes "
                "<organization>-<account>.registry.snowflakecomputing.com");
  if (given.kubelet_config.has_value() != given.kubelet_bin_dir.has_value())
    throw Error(Kind::usage, "--kubelet-config and --kubelet-bin-dir belong together", "add the other one");
  if (given.service_account) {
    const auto slash = given.service_account->find('/');
    if (slash == std::string::npos)
      throw Error(Kind::usage, "--service-account must be NAMESPACE/NAME", "for example: default/default");
    kubernetes::check_namespace(given.service_account->substr(0, slash), "--service-account");
    kubernetes::check_name(given.service_account->substr(slash + 1), "--service-account");
  }
}

std::vector<doctor::Check> checks_for(const DoctorOptions& given) {
  auto checks = doctor::all_checks();
  std::erase_if(checks, [&given](const doctor::Check& check) {
    const bool is_of_node = check.group == doctor::Group::kubernetes;
    if (given.kubernetes) return !is_of_node && check.group != doctor::Group::network;
    return is_of_node || (given.pull_only && std::string_view{check.id} == "push");
  });
  return checks;
}

void print(const Report& report, const DoctorOptions& given, const cli::CommandOptions& options,
           Context& context) {
  if (output::is_for_users(options.format) && !given.json) {
    const auto style = doctor::Style::of(context.terminal, context.environment);
    doctor::print_report(context.out, report, style, options.verbose);
  } else if (options.format == output::Format::csv && !given.json) {
    output::List list{{{"ID"}, {"STATE"}, {"SENTENCE"}, {"NEXT"}}};
    for (const auto& [id, title, group, finding] : report.results)
      list.add({id, std::string{word_for(finding.state)}, finding.sentence, finding.next});
    list.print(context.out, options.format, context.terminal);
  } else {
    context.out << doctor::to_json(report).dump(4, ' ', true, base::OrderedJson::error_handler_t::replace)
                << '\n';
  }
  context.out.flush();
}

/// Runs this program with its terminal, and with all of its environment, parts of which `base` hides from
/// other programs. Returns its exit status, or -1 when it cannot be started.
int run_self(Words words) {
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  if (posix_spawn(&child, "/proc/self/exe", nullptr, nullptr, arguments.data(), environ) != 0) return -1;
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// False when it did not work; the reason was printed.
bool apply(const Words& fix, const Context& context) {
  if (fix[0] == "chmod") {
    std::error_code error;
    const auto mode = static_cast<std::filesystem::perms>(std::stoul(fix[1], nullptr, 8));
    std::filesystem::permissions(fix[2], mode, error);
    if (error) context.err << "Error: " << fix[2] << ": " << error.message() << '\n';
    return !error;
  }
  Words words = {"docker-snowflake"};
  if (context.docker.size() > 1) {
    words.insert(words.end(), context.docker.begin() + 1, context.docker.end());
    words.emplace_back("snowflake");
  }
  const auto& config_file = context.resolver.paths().config;
  if (config_file != config::find_config_paths(context.environment).config)
    words.insert(words.end(), {"--config-file", config_file.string()});
  words.insert(words.end(), fix.begin(), fix.end());
  if (fix[0] == "setup") words.emplace_back("--yes");  // it was confirmed here
  return run_self(words) == 0;
}

std::string command_line(const Words& fix) {
  Words words;
  for (const auto& word : fix) words.push_back(doctor::shell_word(word));
  return (fix[0] == "chmod" ? "" : "docker snowflake ") + base::join(words, " ");
}

/// Offers the fixes that were not offered before. Whether anything was changed.
bool fix_all(const Report& report, bool without_asking, std::vector<Words>& offered, const Context& context) {
  bool changed = false;
  bool has_any = false;
  for (const auto& result : report.results) {
    const auto& fix = result.finding.fix;
    if (fix.empty() || std::ranges::find(offered, fix) != offered.end()) continue;
    offered.push_back(fix);
    has_any = true;
    const std::string command = command_line(fix);
    if (!without_asking && !ui::confirm("Run '" + command + "'?", "add --yes, or run: " + command)) continue;
    context.err << "Running: " << command << std::endl;
    changed = apply(fix, context) || changed;
  }
  if (!has_any && report.state() != doctor::State::ok)
    context.err << "No command fixes this; see the next step above.\n";
  return changed;
}

void run(const DoctorOptions& given, const cli::CommandOptions& options, Context& context) {
  if (given.bundle) doctor::refuse_to_replace(*given.bundle, given.force);
  if (given.fix && (given.json || !output::is_for_users(options.format))) {
    throw Error(Kind::usage, "--fix cannot be combined with --json or a format other than TABLE",
                "leave one of them out");
  }
  require_node_options_fit(given);
  std::optional<doctor::CheckContext> checked;
  Report report;
  const auto examine = [&] {
    checked.emplace(context, options, given.target);
    if (given.kubernetes) checked->node = node_of(given);
    report = doctor::run_checks(checks_for(given), *checked);
    print(report, given, options, context);
  };
  examine();
  std::vector<Words> offered;
  while (given.fix && fix_all(report, given.yes, offered, context)) {
    context.out << '\n';
    examine();
  }
  if (report.state() == doctor::State::failed) context.status = 1;
  if (!given.bundle) return;
  doctor::write_bundle(*given.bundle, report, *checked);
  context.err << "Written to " << *given.bundle << ", without secrets.\n";
}

}  // namespace

void add_doctor(CLI::App& app, Context& context) {
  auto* command = app.add_subcommand("doctor", "Find out why docker push or pull fails, and what to do");
  const auto given = std::make_shared<DoctorOptions>();
  cli::refuse_empty(command->add_option("target", given->target,
                                        "Registry host, or an image repository to push to and pull from"))
      ->option_text("[HOST|REPOSITORY]");
  command->add_flag("--fix", given->fix, "Run the commands that help, after asking for each");
  command->add_flag("-y,--yes", given->yes, "With --fix: do not ask");
  command->add_flag("--json", given->json, "Print the report as JSON, like --format JSON");
  command->add_flag("--pull-only", given->pull_only, "Do not check the right to push to the repository");
  command->add_option("--bundle", given->bundle, "Write a file for support, without secrets")
      ->option_text("FILE");
  command->add_flag("--force", given->force, "Let --bundle replace a file");
  command->add_flag("--kubernetes", given->kubernetes,
                    "On a node: check its kubelet's credential provider for HOST, instead of Docker");
  command
      ->add_option("--kubelet-config", given->kubelet_config,
                   "With --kubernetes: the kubelet's --image-credential-provider-config")
      ->option_text("FILE");
  command
      ->add_option("--kubelet-bin-dir", given->kubelet_bin_dir,
                   "With --kubernetes: the kubelet's --image-credential-provider-bin-dir")
      ->option_text("DIR");
  command
      ->add_option("--service-account", given->service_account,
                   "With --kubernetes: get a token as its pods do, with kubectl create token")
      ->option_text("NAMESPACE/NAME");
  const auto options = cli::add_command_options(*command, context);
  command->get_option("--verbose")->description("Show every check")->group("Options");
  command->callback([given, options, &context] { run(*given, *options, context); });
}

}  // namespace plugin::commands
