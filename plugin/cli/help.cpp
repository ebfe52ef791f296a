// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <sstream>

#include "base/text.hpp"
#include "output/terminal_text.hpp"
#include "ui/wrapped_text.hpp"

namespace plugin::cli {
namespace {

/// Where descriptions begin.
constexpr std::size_t description_column = 30;
constexpr std::size_t min_width = 50;
/// Examples are never wider, so that they can be pasted from anywhere.
constexpr std::size_t max_example_width = 80;

using Examples = std::vector<std::string_view>;

/// The examples of the command that `path` chooses, without the name of the program.
const Examples& examples_of(const std::string& path) {
  static const std::map<std::string_view, Examples> all = {
      {"", {"setup", "login", "images"}},
      {"config", {"config", "config set interactive terminal", "config -o json"}},
      {"config set",
       {"config set interactive terminal", "config set store keyring",
        "config set registries.myorg-myacct.registry.snowflakecomputing.com.connection dev"}},
      {"config unset", {"config unset interactive", "config unset store"}},
      {"connection", {"connection list", "connection add", "connection test -c dev"}},
      {"connection add",
       {"connection add", "connection add dev --account myorg-myacct --user jane",
        "connection add ci --account myorg-myacct --user ci --login key-pair"}},
      {"connection list", {"connection list", "connection list -o json", "connection list -q"}},
      {"connection test", {"connection test", "connection test -c dev"}},
      {"connection use", {"connection use dev", "connection use dev --role pusher"}},
      {"copy",
       {"copy db.schema.repo/app:1 db.schema.repo2/app:1",
        "copy @dev:db.schema.repo/app:1 @prod:db.schema.repo",
        "copy db.schema.repo/app:1 oci-archive:app.tar"}},
      {"docker-config",
       {"docker-config", "docker-config -c dev",
        "docker-config myorg-myacct.registry.snowflakecomputing.com"}},
      {"doctor", {"doctor", "doctor db.schema.repo/app:1", "doctor --fix"}},
      {"du", {"du", "du db.schema.repo", "du db.schema.repo --keep app:1.2 --keep \"web:*\""}},
      {"image-registry", {"image-registry url", "image-registry token --format JSON"}},
      {"image-registry login", {"image-registry login", "image-registry login -c dev"}},
      {"image-registry token", {"image-registry token --format JSON", "image-registry token -c dev"}},
      {"image-registry url", {"image-registry url", "image-registry url --private-link"}},
      {"image-repository",
       {"image-repository create db.schema.repo", "image-repository list --in database db",
        "image-repository drop db.schema.repo"}},
      {"image-repository create",
       {"image-repository create db.schema.repo", "image-repository create repo --if-not-exists"}},
      {"image-repository deploy",
       {"image-repository deploy", "image-repository deploy app_images --env STAGE=dev"}},
      {"image-repository drop",
       {"image-repository drop db.schema.repo", "image-repository drop db.schema.repo --if-exists --yes"}},
      {"image-repository list",
       {"image-repository list", "image-repository list --in schema public",
        "image-repository list --like \"app%\" --in-account"}},
      {"image-repository list-images",
       {"image-repository list-images db.schema.repo", "image-repository list-images repo --like \"app%\""}},
      {"image-repository list-tags",
       {"image-repository list-tags repo --image-name /db/schema/repo/app",
        "image-repository list-tags db.schema.repo -i /db/schema/repo/app --format JSON"}},
      {"image-repository url", {"image-repository url db.schema.repo", "image-repository url repo -c dev"}},
      {"images", {"images", "images db.schema.repo", "images -f image=app -f \"tag=1.*\" -q"}},
      {"kubernetes",
       {"kubernetes provider-config --platform kubeadm", "kubernetes daemonset --help",
        "kubernetes pull-secret | kubectl apply -f -"}},
      {"kubernetes argocd-image-updater",
       {"kubernetes argocd-image-updater", "kubernetes argocd-image-updater -c dev"}},
      {"kubernetes cronjob",
       {"kubernetes cronjob --image example.com/node:1 --namespace shop | kubectl apply -f -",
        "kubernetes cronjob --image example.com/node:1 --namespace shop --namespace jobs -c dev"}},
      {"kubernetes daemonset",
       {"kubernetes daemonset --platform eks --image example.com/node:1 | kubectl apply -f -",
        "kubernetes daemonset --platform aks --image example.com/node:1 --kubernetes-version 1.33"}},
      {"kubernetes external-secret",
       {"kubernetes external-secret --url https://tokens.example.com --namespace shop",
        "kubernetes external-secret -c dev"}},
      {"kubernetes provider-config",
       {"kubernetes provider-config --platform kubeadm",
        "kubernetes provider-config --platform eks --kubernetes-version 1.33"}},
      {"kubernetes pull-secret",
       {"kubernetes pull-secret | kubectl apply -f -",
        "kubernetes pull-secret --namespace shop --name pull | kubectl apply -f -"}},
      {"kubernetes rbac",
       {"kubernetes rbac | kubectl apply -f -",
        "kubernetes rbac --namespace shop --service-account app | kubectl apply -f -"}},
      {"kubernetes sql",
       {"kubernetes sql --namespace shop --service-account app --repository db.schema.repo | snow sql -i",
        "kubernetes sql --issuer https://issuer.example.com --role PULLER --repository db.schema.repo"}},
      {"list-images", {"list-images db.schema.repo", "list-images repo --like \"app%\" --format JSON"}},
      {"login", {"login", "login -c dev", "login --all"}},
      {"logout", {"logout", "logout dev", "logout dev --revoke"}},
      {"object", {"object list image-repository", "object drop image-repository db.schema.repo"}},
      {"object create",
       {"object create image-repository name=repo",
        "object create image-repository --json '{\"name\": \"repo\"}'"}},
      {"object describe", {"object describe image-repository repo"}},
      {"object drop",
       {"object drop image-repository db.schema.repo", "object drop image-repository repo --if-exists"}},
      {"object list", {"object list image-repository", "object list image-repository --in database db"}},
      {"pull",
       {"pull db.schema.repo/app:1", "pull repo/app -c dev", "pull repo/app:1 --platform linux/amd64"}},
      {"push",
       {"push app:1 db.schema.repo", "push app:1 db.schema.repo/web:2",
        "push oci:build/image db.schema.repo/app:1"}},
      {"ref", {"ref db.schema.repo/app:1", "ref @prod:db.schema.repo/app:1", "ref repo/app:1 -c dev"}},
      {"repositories", {"repositories", "repositories --in-account", "repositories -o json"}},
      {"serve", {"serve", "serve --listen 0 -c dev"}},
      {"setup", {"setup", "setup --dry-run", "setup --undo"}},
      {"status", {"status", "status -c dev", "status --json"}},
      {"tag", {"tag db.schema.repo/app:1 latest", "tag repo/app:1.2.3 1.2 1"}},
      {"token", {"token", "token -c dev --format CSV"}},
      {"url", {"url", "url db.schema.repo", "url repo -c dev"}},
      {"whoami", {"whoami", "whoami -c dev", "whoami -o json"}},
  };
  static const Examples none;
  const auto found = all.find(path);
  return found == all.end() ? none : found->second;
}

bool is_in_examples(const CLI::Option& option, const Examples& examples) {
  return std::ranges::any_of(examples, [&](std::string_view example) {
    return std::ranges::any_of(base::split(example, ' '), [&](const std::string& word) {
      return word.starts_with('-') && option.check_name(word);
    });
  });
}

/// Headings of the options that most commands share.
bool is_shared(const std::string& group) { return group == "Connection" || group == "Output"; }

/// The words that choose a command: "image-repository list"; empty for the plugin itself.
std::string path_of(const CLI::App& command) {
  if (command.get_parent() == nullptr) return {};
  const auto before = path_of(*command.get_parent());
  return before.empty() ? command.get_name() : before + " " + command.get_name();
}

/// One line of a help text in as many lines as it needs; a description continues below its beginning.
std::string wrapped(const std::string& line, std::size_t width) {
  if (output::width_of(line) <= width) return line;
  const bool has_description =
      line.starts_with("  ") && line.size() > description_column && line[description_column - 1] == ' ';
  const std::size_t indent = has_description ? description_column : line.find_first_not_of(' ');
  if (indent == std::string::npos) return line;
  std::string text;
  for (const auto& piece : output::fold(line.substr(indent), width - indent)) {
    text += text.empty() ? line.substr(0, indent) : "\n" + std::string(indent, ' ');
    text += piece.substr(0, piece.find_last_not_of(' ') + 1);
  }
  return text;
}

class Formatter final : public CLI::Formatter {
public:
  explicit Formatter(const output::Terminal& terminal) : terminal_(terminal) {}

  std::string make_help(const CLI::App* command, std::string name, CLI::AppFormatMode mode) const override {
    // All commands of a group with all their options would be far too long.
    const auto text = make_description(command) + make_usage(command, std::move(name)) +
                      make_positionals(command) + make_options(*command, mode == CLI::AppFormatMode::All) +
                      make_subcommands(command, CLI::AppFormatMode::Normal) + make_advice(*command);
    const auto width = std::max(terminal_.width, min_width);
    const auto examples = make_examples(
        path_of(*command), terminal_.is_terminal ? std::min(width, max_example_width) : max_example_width);
    if (!terminal_.is_terminal) return text + examples;
    std::vector<std::string> lines;
    for (const auto& line : base::split(text, '\n')) lines.push_back(wrapped(line, width));
    return base::join(lines, "\n") + examples;
  }

  // Arguments are written as in the examples of Docker's help: NAME, or [NAME].
  std::string make_option_name(const CLI::Option* option, bool is_positional) const override {
    const auto& text = option->get_option_text();
    return is_positional && !text.empty() ? text : CLI::Formatter::make_option_name(option, is_positional);
  }
  std::string make_option_opts(const CLI::Option* option) const override {
    const bool is_named = !option->nonpositional() && !option->get_option_text().empty();
    return is_named ? "" : CLI::Formatter::make_option_opts(option);
  }
  std::string make_option_desc(const CLI::Option* option) const override {
    const bool is_marked = option->get_required() && option->nonpositional();
    return (is_marked ? "Required. " : "") + CLI::Formatter::make_option_desc(option);
  }
  std::string make_option_usage(const CLI::Option* option) const override {
    const auto& text = option->get_option_text();
    return text.empty() ? CLI::Formatter::make_option_usage(option) : text;
  }

private:
  /// An option that most commands share, by the first of its long names.
  std::string make_shared_option(const CLI::Option& option) const {
    std::vector<std::string> names;
    for (const auto& name : option.get_snames()) names.push_back("-" + name);
    names.push_back("--" + option.get_lnames().front());
    std::ostringstream text;
    CLI::detail::format_help(text, base::join(names, ",") + make_option_opts(&option),
                             make_option_desc(&option), description_column);
    return text.str();
  }

  std::string make_options(const CLI::App& command, bool with_shared) const {
    std::string text;
    const auto& examples = examples_of(path_of(command));
    bool hides_some = false;
    for (const auto& group : command.get_groups()) {
      const auto options = command.get_options([&](const CLI::Option* option) {
        const bool is_listed = option->get_group() == group && option->nonpositional();
        return is_listed && option != command.get_help_all_ptr();
      });
      if (group.empty() || options.empty()) continue;
      if (!with_shared && is_shared(group)) {
        hides_some = true;
        // Each command shows how to choose a connection, and what its examples use.
        for (const auto* option : options) {
          if (option->check_name("--connection") || is_in_examples(*option, examples))
            text += make_shared_option(*option);
        }
      } else {
        text += make_group(group, false, options);
      }
    }
    return hides_some ? text + make_shared_option(*command.get_help_all_ptr()) : text;
  }

  std::string make_advice(const CLI::App& command) const {
    constexpr std::size_t max_line = 100;
    if (command.get_footer().empty()) return {};
    const auto width = terminal_.is_terminal ? std::clamp(terminal_.width, min_width, max_line) : max_line;
    std::string text = "\nWhen to use it:\n";
    for (const auto& line : output::fold(command.get_footer(), width - 2))
      text += "  " + std::string{base::trim(line)} + '\n';
    return text;
  }

  static std::string make_examples(const std::string& path, std::size_t width) {
    constexpr std::string_view margin = "  ";
    std::string text;
    for (const auto example : examples_of(path)) {
      text += text.empty() ? "\nExamples:\n" : "";
      const auto command =
          ui::wrapped_command("docker snowflake " + std::string{example}, width - margin.size());
      for (const auto& line : base::split(command, '\n')) text.append(margin).append(line) += '\n';
    }
    return text;
  }

  output::Terminal terminal_;
};

}  // namespace

void set_help(CLI::App& app, const output::Terminal& terminal) {
  auto formatter = std::make_shared<Formatter>(terminal);
  formatter->column_width(description_column);
  formatter->label("Positionals", "Arguments");
  app.formatter(formatter);
  app.set_help_all_flag("--help-all", "Also show the other options of the connection and the output");
}

}  // namespace plugin::cli
