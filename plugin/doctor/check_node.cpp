// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "base/masking.hpp"
#include "base/text.hpp"
#include "doctor/checks.hpp"
#include "doctor/programs.hpp"
#include "kubelet/node_check.hpp"
#include "kubelet/provider_entry.hpp"
#include "kubelet/provider_rules.hpp"
#include "output/units.hpp"
#include "version.hpp"

namespace plugin::doctor {
namespace {

using kubelet::YamlValue;

/// As long as a kubelet waits for a provider.
constexpr std::chrono::seconds provider_timeout{60};
constexpr std::chrono::seconds command_timeout{10};

std::string options_of(const Node& node) {
  return " --config " + shell_word(node.config.string()) + " --bin-dir " + shell_word(node.bin_dir.string());
}

/// Our entry in the kubelet's file.
class ProviderEntry {
public:
  /// Throws `config`, also when there is none.
  explicit ProviderEntry(const Node& node) : bin_dir_(node.bin_dir) {
    const auto file = kubelet::config_file_in(node.config);
    root_ = kubelet::parse_yaml(base::read_file(file).value_or(""), file.string());
    entry_ = kubelet::find_our_provider(root_);
    if (entry_ == nullptr)
      throw base::Error(base::Kind::config, file.string() + " has no entry for docker-credential-snowflake");
  }

  std::filesystem::path program() const { return bin_dir_ / text(entry_, "name"); }

  std::vector<std::string> command() const {
    std::vector<std::string> words = {program().string()};
    if (const auto* args = entry_->find("args")) {
      for (const auto& word : args->items) words.push_back(word.text);
    }
    return words;
  }

  /// What the entry gives to the program; the rest of the kubelet's environment is not known here.
  base::Environment environment(const base::Environment& own) const {
    base::Environment::Variables variables;
    if (const auto path = own.non_empty("PATH")) variables["PATH"] = *path;
    if (const auto* list = entry_->find("env")) {
      for (const auto& variable : list->items)
        variables.insert_or_assign(text(&variable, "name"), text(&variable, "value"));
    }
    return own.with(std::move(variables));
  }

  bool matches(const std::string& image) const {
    const auto* patterns = entry_->find("matchImages");
    return patterns != nullptr && std::ranges::any_of(patterns->items, [&](const YamlValue& pattern) {
             return kubelet::matches(pattern.text, image);
           });
  }

  std::string api_version() const { return text(entry_, "apiVersion"); }
  std::string audience() const { return text(tokens(), "serviceAccountTokenAudience"); }
  bool needs_service_account() const {
    return tokens() != nullptr &&
           !base::equals_ignoring_case(text(tokens(), "requireServiceAccount"), "false");
  }

private:
  static std::string text(const YamlValue* object, const char* key) {
    const auto* value = object == nullptr ? nullptr : object->find(key);
    return value == nullptr ? "" : value->text;
  }
  const YamlValue* tokens() const { return entry_->find("tokenAttributes"); }

  std::filesystem::path bin_dir_;
  YamlValue root_;
  const YamlValue* entry_ = nullptr;
};

/// The first line of a program's error, without the name of the program.
std::string reason_in(const base::ProgramResult& result) {
  auto line = base::trim(result.err);
  line = line.substr(0, line.find('\n'));
  constexpr std::string_view name = "docker-credential-snowflake: ";
  if (line.starts_with(name)) line.remove_prefix(name.size());
  return line.empty() ? "exit status " + std::to_string(result.status) : base::printable(line, 1000);
}

/// A token as the kubelet gets it for a pod of `service_account` (`namespace/name`), made by kubectl with the
/// rights of its user. Throws `config`.
base::Secret service_account_token(const std::string& service_account, const std::string& audience,
                                   const base::Environment& environment) {
  const auto slash = service_account.find('/');
  const auto result =
      base::run_program({"kubectl", "create", "token", service_account.substr(slash + 1), "--namespace",
                         service_account.substr(0, slash), "--audience", audience},
                        base::Secret{}, environment, command_timeout);
  if (!result)
    throw base::Error(base::Kind::config, "kubectl is not installed, so there is no service account token",
                      "leave out --service-account, or install kubectl");
  if (result->status != 0) {
    throw base::Error(base::Kind::config, "kubectl create token: " + reason_in(*result),
                      "check the name, and whether you may create tokens of that service account");
  }
  base::Secret token{base::trim(result->out)};
  base::add_mask(token);
  return token;
}

/// What a kubelet's log would say, as a finding: the sentence, then "Next: ...".
Finding failed_as_logged(const std::string& line) {
  constexpr std::string_view next = " Next: ";
  const auto at = line.find(next);
  if (at == std::string::npos) return failed(line, "journalctl -u kubelet");
  return failed(line.substr(0, at), line.substr(at + next.size()));
}

}  // namespace

Finding check_kubelet(CheckContext& context) {
  const auto& node = *context.node;
  if (node.config.empty()) {
    const bool is_running = kubelet::find_running_kubelet().has_value();
    return failed(is_running ? "the running kubelet has no --image-credential-provider-config and no "
                               "--image-credential-provider-bin-dir: it runs no providers"
                             : "no kubelet is running here, and no known platform's file was found",
                  is_running ? "docker snowflake kubernetes provider-config --platform kubeadm"
                             : "run this on a node, or add --kubelet-config FILE --kubelet-bin-dir DIR");
  }
  return ok(node.config.string() + ", programs in " + node.bin_dir.string());
}

Finding check_provider(CheckContext& context) {
  const auto& node = *context.node;
  const auto problems = kubelet::check_node(node.config, node.bin_dir);
  const auto first = std::ranges::find(problems, false, &kubelet::NodeProblem::is_note);
  if (first != problems.end()) {
    const char* const command = first->is_missing_entry ? "kubelet-install" : "kubelet-check";
    return failed(first->message, std::string{"docker-credential-snowflake "} + command + options_of(node));
  }
  if (!problems.empty())
    return warning(problems.front().message, "make sure that your service accounts have them");
  return ok("the kubelet accepts its file, and runs our program");
}

Finding check_provider_program(CheckContext& context) {
  const ProviderEntry entry{*context.node};
  const auto program = entry.program().string();
  const auto result =
      base::run_program({program, "version"}, base::Secret{}, context.environment, command_timeout);
  if (!result || result->status != 0)
    return failed(program + " does not run here: " + (result ? reason_in(*result) : "it cannot be started"),
                  "docker-credential-snowflake kubelet-install" + options_of(*context.node));
  const auto its_version = version_in(result->out);
  if (its_version != version) {
    return warning(program + " is version " + its_version + ", and this is " + std::string{version},
                   "docker-credential-snowflake kubelet-install" + options_of(*context.node));
  }
  return ok(program + " " + its_version);
}

Finding check_provider_token(CheckContext& context) {
  const ProviderEntry entry{*context.node};
  const auto& host = context.host->name();
  const std::string image = host + "/db/schema/repository/image";
  if (!entry.matches(image))
    return failed("no pattern of matchImages matches " + host, "add it to matchImages of the entry");
  base::Json request = {
      {"kind", "CredentialProviderRequest"}, {"apiVersion", entry.api_version()}, {"image", image}};
  const auto& account = context.node->service_account;
  if (entry.needs_service_account() && !account) {
    return skipped(
        "pods log in with the tokens of their service accounts; add --service-account NAMESPACE/NAME");
  }
  if (account) {
    const auto token = service_account_token(*account, entry.audience(), context.environment);
    request["serviceAccountToken"] = std::string{token.reveal()};
  }
  const auto result = base::run_program(entry.command(), base::Secret{request.dump() + "\n"},
                                        entry.environment(context.environment), provider_timeout);
  if (!result) return failed(entry.program().string() + " cannot be started", "check the file's mode");
  if (result->status != 0) return failed_as_logged(reason_in(*result));
  const auto response = base::parse_json(result->out).value_or(base::Json{});
  const auto password = base::text_at(base::member(base::member(response, "auth"), host), "password");
  const auto lifetime =
      base::whole_number_at(base::parse_json(password.value_or("")).value_or(base::Json{}), "expires_in");
  if (!lifetime) return failed("the program's answer has no token for " + host, "journalctl -u kubelet");
  return ok("a kubelet gets one, valid for " + output::time_left(std::chrono::seconds{*lifetime}) +
            (account ? ", for pods of " + *account : ""));
}

}  // namespace plugin::doctor
