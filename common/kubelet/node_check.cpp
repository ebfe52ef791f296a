// SPDX-License-Identifier: Apache-2.0
#include "kubelet/node_check.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "kubelet/provider_entry.hpp"
#include "kubelet/provider_rules.hpp"

namespace kubelet {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::Kind;

constexpr const char* no_entry_message = "there is no entry for docker-credential-snowflake";

std::optional<std::string> flag_value(const std::vector<std::string>& words, std::string_view flag) {
  for (std::size_t index = 0; index < words.size(); ++index) {
    if (words[index] == flag && index + 1 < words.size()) return words[index + 1];
    if (words[index].starts_with(std::string{flag} + "=")) return words[index].substr(flag.size() + 1);
  }
  return std::nullopt;
}

/// proc(5): the 22nd field of a process's stat is its start, in ticks since the boot; btime in /proc/stat is
/// the boot.
base::TimePoint start_time_of(const fs::path& process) {
  const auto stat_text = base::read_file(process / "stat").value_or("");
  const auto after_name = stat_text.rfind(')');
  const auto boot_text = base::read_file("/proc/stat").value_or("");
  const auto boot_at = boot_text.find("btime ");
  if (after_name == std::string::npos || boot_at == std::string::npos) return {};
  const auto fields = base::split(std::string_view{stat_text}.substr(after_name + 2), ' ');
  const auto ticks = fields.size() > 19 ? base::whole_number(fields[19]) : std::nullopt;
  const auto boot =
      base::whole_number(boot_text.substr(boot_at + 6, boot_text.find('\n', boot_at) - boot_at - 6));
  if (!ticks || !boot) return {};
  return base::TimePoint{std::chrono::seconds{*boot + *ticks / sysconf(_SC_CLK_TCK)}};
}

/// The files that a kubelet reads, in its order.
std::vector<fs::path> files_of(const fs::path& config) {
  std::error_code ignored;
  if (!fs::is_directory(config, ignored)) return {config};
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator{config, ignored}) {
    const auto extension = entry.path().extension();
    if (extension == ".yaml" || extension == ".yml" || extension == ".json") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

YamlValue read_yaml(const fs::path& file) {
  const auto text = base::read_file(file);
  if (!text)
    throw Error(Kind::config, "there is no file " + file.string(),
                "docker-credential-snowflake kubelet-install --config FILE --bin-dir DIR");
  return parse_yaml(*text, file.string());
}

/// Why the running kubelet does not use the provider, or not yet; empty when it does.
std::string problem_of(const RunningKubelet& running, const fs::path& config, const fs::path& bin_dir,
                       const fs::path& file) {
  const auto is_same = [](const fs::path& left, const fs::path& right) {
    return fs::weakly_canonical(left) == fs::weakly_canonical(right);
  };
  struct stat status {};
  stat(file.c_str(), &status);
  if (running.config.empty() || running.bin_dir.empty())
    return "has no --image-credential-provider-config and --image-credential-provider-bin-dir: it runs no "
           "providers";
  if (!is_same(running.config, config)) return "reads " + running.config + ", not " + config.string();
  if (!is_same(running.bin_dir, bin_dir))
    return "looks for programs in " + running.bin_dir + ", not in " + bin_dir.string();
  if (running.started_at < base::TimePoint{std::chrono::seconds{status.st_mtim.tv_sec}})
    return "started before " + file.string() + " was last changed: restart it";
  return {};
}

/// Why this program is not run, or fails, although a kubelet accepts its entry `provider`: patterns that do
/// not match a Snowflake registry, arguments, the audience, annotations.
std::vector<Problem> misconfigurations(const YamlValue& provider) {
  std::vector<Problem> problems;
  const auto* name = provider.find("name");
  const bool is_link = name != nullptr && name->text.ends_with(provider_argument);
  if (!has_item(provider.find("args"), provider_argument) && !is_link)
    problems.push_back({provider.line, "args: must be [\"" + std::string{provider_argument} + "\"]"});
  const auto* patterns = provider.find("matchImages");
  if (patterns != nullptr) {
    for (const auto& pattern : patterns->items) {
      if (const auto why = why_no_match(pattern.text); !why.empty())
        problems.push_back(
            {pattern.line, "matchImages: \"" + base::printable(pattern.text, 200) + "\" " + why});
    }
    if (std::ranges::none_of(patterns->items, is_for_snowflake, &YamlValue::text))
      problems.push_back({provider.line, "matchImages: no pattern matches a Snowflake registry"});
  }
  const auto* tokens = provider.find("tokenAttributes");
  if (tokens == nullptr || tokens->kind != YamlValue::Kind::mapping) return problems;
  const auto* audience = tokens->find("serviceAccountTokenAudience");
  if (audience != nullptr && audience->text != token_audience) {
    problems.push_back(
        {audience->line, "serviceAccountTokenAudience: Snowflake takes '" +
                             base::printable(audience->text, 100) +
                             "' only for a user with OIDC_AUDIENCE_LIST; without one it must be " +
                             std::string{token_audience}});
  }
  const auto* required = tokens->find("requiredServiceAccountAnnotationKeys");
  if (required != nullptr && !required->items.empty()) {
    problems.push_back({required->line,
                        "requiredServiceAccountAnnotationKeys: the program is not run for service "
                        "accounts without these annotations, and the kubelet does not say so",
                        true});
  }
  return problems;
}

}  // namespace

std::optional<RunningKubelet> find_running_kubelet() {
  std::error_code ignored;
  for (const auto& process : fs::directory_iterator{"/proc", ignored}) {
    const auto name = process.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    try {
      if (base::trim(base::read_file(process.path() / "comm").value_or("")) != "kubelet") continue;
      const auto words = base::split(base::read_file(process.path() / "cmdline").value_or(""), '\0');
      return RunningKubelet{flag_value(words, "--image-credential-provider-config").value_or(""),
                            flag_value(words, "--image-credential-provider-bin-dir").value_or(""),
                            start_time_of(process.path())};
    } catch (const Error&) {
      // The process has ended.
    }
  }
  return std::nullopt;
}

fs::path config_file_in(const fs::path& config) {
  std::error_code ignored;
  if (!fs::is_directory(config, ignored)) return fs::weakly_canonical(config);
  for (const auto& file : files_of(config)) {
    if (find_our_provider(read_yaml(file)) != nullptr) return fs::weakly_canonical(file);
  }
  return fs::weakly_canonical(config) / "docker-credential-snowflake.yaml";
}

std::vector<NodeProblem> check_node(const fs::path& config, const fs::path& bin_dir) {
  std::vector<NodeProblem> found;
  const auto own = config_file_in(config);
  for (const auto& file : files_of(config)) {
    const auto root = read_yaml(file);
    auto problems = rejections(root, bin_dir);
    const auto* ours = find_our_provider(root);
    if (ours != nullptr) {
      const auto more = misconfigurations(*ours);
      problems.insert(problems.end(), more.begin(), more.end());
    }
    const auto position = [&](std::size_t line) { return file.string() + ":" + std::to_string(line) + ": "; };
    for (const auto& problem : problems) {
      found.push_back({position(problem.line) + (problem.is_note ? "note: " : "") + problem.message,
                       problem.is_note, false});
    }
    if (ours == nullptr && fs::weakly_canonical(file) == own)
      found.push_back({position(root.line) + no_entry_message, false, true});
  }
  std::error_code ignored;
  if (!fs::exists(own, ignored)) found.push_back({config.string() + ": " + no_entry_message, false, true});
  if (const auto running = find_running_kubelet()) {
    const auto what = problem_of(*running, config, bin_dir, own);
    if (!what.empty()) found.push_back({"the running kubelet " + what});
  }
  return found;
}

}  // namespace kubelet
