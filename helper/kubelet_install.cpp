// SPDX-License-Identifier: Apache-2.0
#include "kubelet_install.hpp"

#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/fingerprint.hpp"
#include "base/json.hpp"
#include "base/program.hpp"
#include "base/text.hpp"
#include "kubelet/provider_edit.hpp"
#include "kubelet/provider_entry.hpp"
#include "kubelet/provider_rules.hpp"
#include "kubelet_service.hpp"

namespace helper {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::Kind;

constexpr std::array words = {std::string_view{"kubelet-install"}, std::string_view{"kubelet-check"},
                              std::string_view{"kubelet-undo"}};
constexpr std::size_t max_program = 256U << 20;
constexpr std::string_view help =
    R"(Install the credential provider of a kubelet on this node, check it, or take it away.

Usage: docker-credential-snowflake kubelet-install --config FILE --bin-dir DIR [--restart] [--kubernetes-version V]
       docker-credential-snowflake kubelet-check   --config FILE --bin-dir DIR
       docker-credential-snowflake kubelet-undo    --config FILE --bin-dir DIR [--restart]

FILE and DIR are those of the kubelet's --image-credential-provider-config and --image-credential-provider-bin-dir;
'docker snowflake kubernetes provider-config --platform P' says where a platform has them.

install  copies this program into DIR and adds its entry to FILE (YAML or JSON; the rest stays as it is), after it has
         checked the whole file by the kubelet's rules: with a file that it refuses, a kubelet does not start
check    says what a kubelet would refuse in FILE, and why it may never run the program
undo     gives back FILE, its mode and owner, and the folders

      --restart               restart the kubelet, watch it for a minute, and undo everything if it does not stay up
      --kubernetes-version V  of the kubelet; else 'kubelet --version', else 1.34. Before 1.34 the entry has no
                              tokenAttributes, and the node logs in as itself
  -h, --help                  print this text
)";

void say(const std::string& line) {
  if (!base::write_standard_output(line + '\n')) base::write_standard_error(line + '\n');
}

struct Options {
  fs::path config;
  fs::path bin_dir;
  bool restart = false;
  bool help = false;
  std::optional<kubelet::KubernetesVersion> version;
};

Options parse(std::string_view word, const std::vector<std::string_view>& arguments) {
  Options options;
  const std::string hint = "docker-credential-snowflake " + std::string{word} + " --help";
  for (auto argument = arguments.begin(); argument != arguments.end(); ++argument) {
    std::string_view name = *argument;
    std::optional<std::string_view> attached;
    if (const auto equals = name.find('='); name.starts_with("--") && equals != std::string_view::npos) {
      attached = name.substr(equals + 1);
      name = name.substr(0, equals);
    }
    const auto value = [&] {
      if (attached) return std::string{*attached};
      if (argument + 1 == arguments.end())
        throw Error(Kind::usage, std::string{name} + " needs a value", hint);
      return std::string{*++argument};
    };
    if (name == "--config") {
      options.config = value();
    } else if (name == "--bin-dir") {
      options.bin_dir = value();
    } else if (name == "--kubernetes-version" && word == words[0]) {
      options.version = kubelet::KubernetesVersion::parse(value());
    } else if (name == "--restart" && word != words[1] && !attached) {
      options.restart = true;
    } else if ((name == "--help" || name == "-h") && !attached) {
      options.help = true;
    } else {
      throw Error(Kind::usage, std::string{word} + " does not take '" + base::printable(*argument, 100) + "'",
                  hint);
    }
  }
  if (options.help) return options;
  if (options.config.empty() || options.bin_dir.empty())
    throw Error(Kind::usage, std::string{word} + " needs --config FILE and --bin-dir DIR", hint);
  if (!options.config.is_absolute() || !options.bin_dir.is_absolute())
    throw Error(Kind::usage, "--config and --bin-dir must be absolute paths", hint);
  return options;
}

/// Kubelets since 1.34 read every file of a folder; ours is one of them, unless another has the entry
/// already.
fs::path file_of(const fs::path& config) {
  std::error_code ignored;
  if (!fs::is_directory(config, ignored)) return fs::weakly_canonical(config);
  for (const auto& entry : fs::directory_iterator{config}) {
    const auto extension = entry.path().extension();
    if (extension != ".yaml" && extension != ".yml" && extension != ".json") continue;
    const auto text = base::read_file(entry.path()).value_or("");
    if (kubelet::find_our_provider(kubelet::parse_yaml(text, entry.path().string())) != nullptr)
      return fs::weakly_canonical(entry.path());
  }
  return fs::weakly_canonical(config) / "docker-credential-snowflake.yaml";
}

/// Makes the folders that are missing, and returns the outermost of them; empty when all were there.
fs::path make_folders(const fs::path& folder) {
  fs::path outermost;
  for (auto missing = folder; !missing.empty() && !fs::exists(missing); missing = missing.parent_path())
    outermost = missing;
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw Error(Kind::config, "cannot make the folder " + folder.string() + ": " + error.message());
  return outermost;
}

/// Takes away the folders that were made, as far as they are empty.
void remove_folders(fs::path folder, const fs::path& outermost) {
  if (outermost.empty()) return;
  for (;; folder = folder.parent_path()) {
    std::error_code error;
    if (!fs::remove(folder, error) && error) return;
    if (folder == outermost || folder == folder.parent_path()) return;
  }
}

std::string fingerprint(const std::string& text) { return base::Fingerprint{}.add(text).hex(); }

/// Replaces a file that still holds `expected`.
void replace(const fs::path& path, const std::string& content, const base::FileOwnership& ownership,
             const std::optional<std::string>& expected) {
  const auto is_same = [&] { return base::read_file(path, max_program) == expected; };
  if (base::replace_file(path, content, ownership, is_same)) return;
  throw Error(Kind::config, path.string() + " was changed by another program meanwhile", "run it again");
}

/// What one file was before, beside it: so that it can be given back.
struct Before {
  bool existed = false;
  base::FileOwnership ownership;
  std::string after;     ///< fingerprint of what was put there
  fs::path made_folder;  ///< the outermost one

  base::Json to_json() const {
    return {{"existed", existed},       {"mode", ownership.mode}, {"user", ownership.user},
            {"group", ownership.group}, {"after", after},         {"made_folder", made_folder.string()}};
  }
  static Before from_json(const base::Json& json) {
    const auto number = [&](const char* key) { return base::whole_number_at(json, key).value_or(0); };
    const auto& existed = base::member(json, "existed");
    return {existed.is_boolean() && existed.get<bool>(),
            {static_cast<unsigned>(number("mode")), static_cast<uid_t>(number("user")),
             static_cast<gid_t>(number("group"))},
            base::text_at(json, "after").value_or(""),
            base::text_at(json, "made_folder").value_or("")};
  }
};

/// One installation on this node: the kubelet's file, the program, and what is noted beside them for undo.
/// The names of the notes end in nothing that a kubelet reads in a folder of configuration files.
class Installation {
public:
  explicit Installation(const Options& options)
      : config_(file_of(options.config)),
        program_(fs::weakly_canonical(options.bin_dir) / kubelet::provider_name) {}

  const fs::path& config() const noexcept { return config_; }
  const fs::path& program() const noexcept { return program_; }

  /// False when everything is there already.
  bool install(const kubelet::KubernetesVersion& version) {
    const auto text = base::read_file(config_);
    const auto own = base::read_file("/proc/self/exe", max_program);
    const auto there = base::read_file(program_, max_program);
    const std::string merged = merge(text.value_or(""), version);
    const bool is_same_config = text == merged;
    const bool is_same_program = own == there && is_executable();
    if (is_same_config && is_same_program) return false;
    auto [config, program] = read_note();
    try {
      if (!is_same_config) {
        config = note_of(config_, merged, config);
        if (text) base::write_file(backup_of(config_), *text, 0600);
      }
      if (!is_same_program) {
        const bool is_ours = program && there && program->after == fingerprint(*there);
        const auto earlier = program;
        program = note_of(program_, *own, program);
        if (is_ours) {
          program->existed = earlier->existed;
          program->ownership = earlier->ownership;
        }
        if (there && !is_ours) base::write_file(backup_of(program_), *there, 0600);
      }
      write_note(config, program);
      if (!is_same_program) base::write_file(program_, *own, 0755);
      if (!is_same_config) {
        const auto ownership = base::FileOwnership::of(config_).value_or(base::FileOwnership{.mode = 0644});
        replace(config_, merged, ownership, text);
      }
    } catch (const Error&) {
      take_back(config, program);
      throw;
    }
    return true;
  }

  /// False when there is nothing to take back.
  bool undo() {
    const auto [config, program] = read_note();
    if (!config && !program) return false;
    take_back(config, program);
    return true;
  }

  bool has_entry() const {
    const auto text = base::read_file(config_);
    return text && kubelet::find_our_provider(kubelet::parse_yaml(*text, config_.string())) != nullptr;
  }

private:
  using Notes = std::pair<std::optional<Before>, std::optional<Before>>;

  static fs::path backup_of(const fs::path& path) {
    return path.parent_path() / ("." + path.filename().string() + ".before-docker-credential-snowflake");
  }
  fs::path note() const {
    return config_.parent_path() / ("." + config_.filename().string() + ".undo-docker-credential-snowflake");
  }

  bool is_executable() const {
    const auto ownership = base::FileOwnership::of(program_);
    return ownership && (ownership->mode & 0111U) == 0111U;
  }

  /// The file with our entry, checked as a kubelet does.
  std::string merge(const std::string& text, const kubelet::KubernetesVersion& version) const {
    const auto refuse_problems = [&](const std::string& content, const std::string& what) {
      const auto root = kubelet::parse_yaml(content, config_.string());
      const auto problems = kubelet::rejections(root, program_.parent_path(), kubelet::provider_name);
      if (problems.empty()) return;
      throw Error(Kind::config,
                  config_.string() + ":" + std::to_string(problems.front().line) + ": " + what +
                      problems.front().message,
                  "correct the file; nothing was changed. docker-credential-snowflake kubelet-check lists "
                  "everything");
    };
    const auto root = kubelet::parse_yaml(text, config_.string());
    if (root.kind != kubelet::YamlValue::Kind::null)
      refuse_problems(text, "a kubelet does not start with this file: ");
    if (kubelet::find_our_provider(root) != nullptr) return text;
    // A file of an earlier version does not know the fields for service accounts.
    const auto* file_version = root.find("apiVersion");
    const bool knows_tokens = file_version == nullptr || file_version->text == "kubelet.config.k8s.io/v1";
    auto merged =
        kubelet::with_our_provider(text, root, version, knows_tokens && version.has_tokens_by_default());
    refuse_problems(merged, "with our entry a kubelet would not start: ");
    return merged;
  }

  /// `earlier`: what was noted when it was installed before; the folders that were made then are still ours.
  static Before note_of(const fs::path& path, const std::string& after,
                        const std::optional<Before>& earlier) {
    Before before;
    before.made_folder = make_folders(path.parent_path());
    if (before.made_folder.empty() && earlier) before.made_folder = earlier->made_folder;
    if (const auto ownership = base::FileOwnership::of(path)) {
      before.existed = true;
      before.ownership = *ownership;
    }
    before.after = fingerprint(after);
    return before;
  }

  Notes read_note() const {
    const auto json = base::parse_json(base::read_file(note()).value_or(""));
    if (!json) return {};
    const auto part = [&](const char* name) {
      const auto& value = base::member(*json, name);
      return value.is_object() ? std::optional{Before::from_json(value)} : std::nullopt;
    };
    return {part("config"), part("program")};
  }

  void write_note(const std::optional<Before>& config, const std::optional<Before>& program) const {
    base::Json json = base::Json::object();
    if (config) json["config"] = config->to_json();
    if (program) json["program"] = program->to_json();
    base::write_file(note(), json.dump(2) + '\n', 0600);
  }

  void take_back(const std::optional<Before>& config, const std::optional<Before>& program) {
    if (config) take_back_config(*config);
    // An entry that was there before needs a program: without one the kubelet does not start.
    if (program && (program->existed || !has_entry())) take_back_file(program_, *program);
    std::error_code ignored;
    for (const auto& file : {note(), backup_of(config_), backup_of(program_)}) fs::remove(file, ignored);
    if (config) remove_folders(config_.parent_path(), config->made_folder);
    if (program) remove_folders(program_.parent_path(), program->made_folder);
  }

  /// The kubelet reads its file before the program is gone, in whatever order they are taken back: a file
  /// without the entry does not need the program.
  void take_back_config(const Before& before) {
    const auto text = base::read_file(config_);
    if (!text || fingerprint(*text) == before.after) {
      take_back_file(config_, before);
      return;
    }
    const auto root = kubelet::parse_yaml(*text, config_.string());
    const auto* ours = kubelet::find_our_provider(root);
    if (ours == nullptr) return;
    if (root.find("providers")->items.size() == 1) {
      throw Error(Kind::config,
                  config_.string() +
                      " was changed since, and has no other provider: a kubelet does not start with an "
                      "empty list",
                  "remove the file, and the kubelet's flags that name it");
    }
    replace(config_, kubelet::without_provider(*text, root, *ours), *base::FileOwnership::of(config_), text);
  }

  static void take_back_file(const fs::path& path, const Before& before) {
    const auto content = before.existed ? base::read_file(backup_of(path), max_program) : std::nullopt;
    const auto now = base::read_file(path, max_program);
    if (before.existed && content) {
      replace(path, *content, before.ownership, now);
    } else if (!before.existed && now && fingerprint(*now) == before.after) {
      fs::remove(path);
    }
  }

  fs::path config_;
  fs::path program_;
};

kubelet::KubernetesVersion version_of(const Options& options) {
  if (options.version) return *options.version;
  const auto installed = installed_kubelet_version();
  if (!installed) return {};
  try {
    return kubelet::KubernetesVersion::parse(installed->substr(installed->rfind(' ') + 1));
  } catch (const Error& error) {
    throw Error(Kind::config, "kubelet --version: " + std::string{error.what()},
                "add --kubernetes-version 1.34");
  }
}

int install(const Options& options) {
  // Before anything is changed: there must be something to restart.
  std::optional<KubeletService> service;
  if (options.restart) service = KubeletService::find();
  const auto version = version_of(options);
  Installation installation{options};
  if (!installation.install(version)) {
    say("already installed: " + installation.config().string());
    return 0;
  }
  say("installed: " + installation.program().string() + ", and its entry in " +
      installation.config().string());
  if (!version.has_tokens_by_default())
    say("this kubelet sends no service account tokens: the node logs in as itself");
  if (!service) {
    say("Next: restart the kubelet, which reads the file only when it starts");
    return 0;
  }
  base::SystemClock clock;
  try {
    service->restart();
    if (service->stays_up(clock)) {
      say(service->unit() + " was restarted, and runs");
      return 0;
    }
    throw Error(Kind::config, service->unit() + " does not stay up", "journalctl -u " + service->unit());
  } catch (const Error& error) {
    installation.undo();
    service->restart();
    throw Error(Kind::config, std::string{error.what()} + "; everything was taken back", error.hint());
  }
}

int undo(const Options& options) {
  std::optional<KubeletService> service;
  if (options.restart) service = KubeletService::find();
  Installation installation{options};
  if (!installation.undo()) {
    if (installation.has_entry()) {
      throw Error(Kind::config,
                  "the entry in " + installation.config().string() + " was not written by kubelet-install",
                  "remove it by hand, and the program from " + installation.program().parent_path().string());
    }
    say("nothing to undo: " + installation.config().string());
    return 0;
  }
  say("undone: " + installation.config().string());
  if (service) {
    service->restart();
    say(service->unit() + " was restarted");
  }
  return 0;
}

int check(const Options& options) {
  const auto config = file_of(options.config);
  const auto text = base::read_file(config);
  if (!text)
    throw Error(Kind::config, "there is no file " + config.string(),
                "docker-credential-snowflake kubelet-install");
  const auto root = kubelet::parse_yaml(*text, config.string());
  auto problems = kubelet::rejections(root, options.bin_dir);
  const auto* ours = kubelet::find_our_provider(root);
  if (ours == nullptr) {
    problems.push_back({root.line, "there is no entry of docker-credential-snowflake"});
  } else {
    const auto more = kubelet::doubts(*ours);
    problems.insert(problems.end(), more.begin(), more.end());
  }
  bool is_good = true;
  for (const auto& problem : problems) {
    say(config.string() + ":" + std::to_string(problem.line) + ": " + (problem.is_note ? "note: " : "") +
        problem.message);
    is_good = is_good && problem.is_note;
  }
  if (const auto running = find_running_kubelet()) {
    const auto complain = [&](const std::string& what) {
      say("the running kubelet " + what);
      is_good = false;
    };
    struct stat status {};
    stat(config.c_str(), &status);
    if (running->config.empty() || running->bin_dir.empty()) {
      complain(
          "has no --image-credential-provider-config and --image-credential-provider-bin-dir: it runs no "
          "providers");
    } else if (fs::weakly_canonical(running->config) != fs::weakly_canonical(options.config)) {
      complain("reads " + running->config + " and not this file");
    } else if (fs::weakly_canonical(running->bin_dir) != fs::weakly_canonical(options.bin_dir)) {
      complain("looks for programs in " + running->bin_dir + " and not in this folder");
    } else if (running->started_at < base::TimePoint{std::chrono::seconds{status.st_mtim.tv_sec}}) {
      complain("started before this file was last changed: restart it");
    }
  }
  if (is_good)
    say(config.string() + ": a kubelet accepts it, and runs the program for images of Snowflake registries");
  return is_good ? 0 : 1;
}

}  // namespace

bool is_kubelet_node_word(std::string_view word) { return std::ranges::find(words, word) != words.end(); }

int run_kubelet_node_word(std::string_view word, const std::vector<std::string_view>& arguments) {
  try {
    const auto options = parse(word, arguments);
    if (options.help) return base::write_standard_output(help) ? 0 : 1;
    if (word == words[0]) return install(options);
    return word == words[1] ? check(options) : undo(options);
  } catch (const Error& error) {
    std::string text = "docker-credential-snowflake: " + std::string{error.what()} + '\n';
    if (!error.hint().empty()) text += "docker-credential-snowflake: next: " + error.hint() + '\n';
    base::write_standard_error(text);
  } catch (const std::exception& error) {
    base::write_standard_error("docker-credential-snowflake: " + std::string{error.what()} + '\n');
  }
  return 1;
}

}  // namespace helper
