// SPDX-License-Identifier: Apache-2.0
#include "kubelet_installation.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>

#include "base/error.hpp"
#include "base/text.hpp"
#include "kubelet/node_check.hpp"
#include "kubelet/provider_entry.hpp"
#include "kubelet/provider_rules.hpp"

namespace helper {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::Kind;

constexpr std::size_t max_program = 256U << 20;

/// Makes other processes that install or undo here wait until it is destroyed. Locks the folder itself, so
/// that no lock file remains. On a file system without locks, continues without one.
base::Descriptor lock_of(fs::path folder) {
  std::error_code ignored;
  while (folder.has_relative_path() && !fs::exists(folder, ignored)) folder = folder.parent_path();
  base::Descriptor lock{open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  while (lock.is_open() && flock(lock.number(), LOCK_EX) != 0 && errno == EINTR) {
  }
  return lock;
}

/// Removes new versions of a file that a killed process has written but not renamed (`base::replace_file`).
void remove_unfinished(const fs::path& path) {
  const std::string prefix = "." + path.filename().string() + ".new-";
  std::error_code error;
  for (fs::directory_iterator entry{path.parent_path(), error}, end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    if (entry->path().filename().native().starts_with(prefix)) fs::remove(entry->path(), ignored);
  }
}

/// Removes the folders that were made, as far as they are empty.
void remove_folders(fs::path folder, const fs::path& outermost) {
  if (outermost.empty()) return;
  for (;; folder = folder.parent_path()) {
    std::error_code error;
    if (!fs::remove(folder, error) && error) return;
    if (folder == outermost || folder == folder.parent_path()) return;
  }
}

/// Makes the folders that are missing, and returns the outermost of them; empty when all were there.
fs::path make_folders(const fs::path& folder) {
  fs::path outermost;
  for (auto missing = folder; !missing.empty() && !fs::exists(missing); missing = missing.parent_path())
    outermost = missing;
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    remove_folders(folder, outermost);
    throw Error(Kind::config, "cannot make the folder " + folder.string() + ": " + error.message());
  }
  return outermost;
}

std::string fingerprint(const std::string& text) { return base::Fingerprint{}.add(text).hex(); }

/// Replaces a file that still holds `expected`.
void replace(const fs::path& path, const std::string& content, const base::FileOwnership& ownership,
             const std::optional<std::string>& expected) {
  const auto is_same = [&] { return base::read_file(path, max_program) == expected; };
  if (base::replace_file(path, content, ownership, is_same)) return;
  throw Error(Kind::config, path.string() + " was changed by another program in the meantime", "try again");
}

fs::path backup_of(const fs::path& path) {
  return path.parent_path() / ("." + path.filename().string() + ".before-docker-credential-snowflake");
}

void remove_file(const fs::path& path) {
  std::error_code error;
  fs::remove(path, error);
  // Below a file there is nothing to remove.
  if (error && error != std::errc::not_a_directory)
    throw base::file_error("cannot remove", path, error.value());
}

/// Replacing a link would lose it, and writing through it would change a file of another package.
void refuse_link(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_symlink(path, ignored)) return;
  throw Error(Kind::config, path.string() + " is a link to " + fs::read_symlink(path, ignored).string(),
              "remove the link, or install a version of the file that it names");
}

/// A backup or a note as it was at an earlier time.
void put_back(const fs::path& path, const std::optional<std::string>& content) {
  if (!content) {
    remove_file(path);
  } else if (base::read_file(path, max_program) != content) {
    base::write_file(path, *content, 0600);
  }
}

}  // namespace

bool KubeletInstallation::Before::is_followed_by(const std::string& content) const {
  return std::ranges::find(after, fingerprint(content)) != after.end();
}

base::Json KubeletInstallation::Before::to_json() const {
  return {{"existed", existed},       {"mode", ownership.mode}, {"user", ownership.user},
          {"group", ownership.group}, {"after", after},         {"made_folder", made_folder.string()}};
}

KubeletInstallation::Before KubeletInstallation::Before::from_json(const base::Json& json) {
  const auto number = [&](const char* key) { return base::whole_number_at(json, key).value_or(0); };
  const auto& existed = base::member(json, "existed");
  Before before{existed.is_boolean() && existed.get<bool>(),
                {static_cast<unsigned>(number("mode")), static_cast<uid_t>(number("user")),
                 static_cast<gid_t>(number("group"))},
                {},
                base::text_at(json, "made_folder").value_or("")};
  for (const auto& one : base::member(json, "after")) {
    if (one.is_string()) before.after.push_back(one.get<std::string>());
  }
  return before;
}

KubeletInstallation::KubeletInstallation(const fs::path& config, const fs::path& bin_dir)
    : config_(kubelet::config_file_in(config)),
      program_(fs::weakly_canonical(bin_dir) / kubelet::provider_name) {}

bool KubeletInstallation::install(const kubelet::KubernetesVersion& version) {
  const auto lock = lock_of(config_.parent_path());
  const auto read = [](const fs::path& path) { return base::read_file(path, max_program); };
  const auto text = base::read_file(config_);
  const auto there = read(program_);
  const auto own = read("/proc/self/exe");
  const std::string merged = merge(text.value_or(""), version);
  const bool is_same_config = text == merged;
  const bool is_same_program = own == there && is_executable();
  if (is_same_config && is_same_program) return false;
  // The path of a configuration file is resolved; what is still a link leads to no file.
  if (!is_same_config) refuse_link(config_);
  if (!is_same_program) refuse_link(program_);
  auto [config, program] = read_note();
  const bool is_ours = program && there && program->is_followed_by(*there);
  earlier_ = Earlier{{}, text, there, read(backup_of(config_)), read(backup_of(program_)), read(note())};
  auto& [config_now, program_now] = earlier_->notes;
  try {
    if (!is_same_config) {
      config_now = note_of(config_, merged);
      config = following(config_now, config);
    }
    if (!is_same_program) {
      program_now = note_of(program_, *own);
      if (is_ours) {
        // `undo` restores what was there before the first installation. Until the program is replaced, the
        // one that is there is the earlier one.
        program->after = {fingerprint(*there), fingerprint(*own)};
      } else {
        program = following(program_now, program);
      }
    }
    // Before any other change, so that undo can revert them even when this process is killed.
    write_note({config, program}, true);
    if (!is_same_config && text) base::write_file(backup_of(config_), *text, 0600);
    if (!is_same_program && there && !is_ours) base::write_file(backup_of(program_), *there, 0600);
    if (!is_same_program) base::write_file(program_, *own, 0755);
    if (!is_same_config) {
      const auto ownership = base::FileOwnership::of(config_).value_or(base::FileOwnership{.mode = 0644});
      replace(config_, merged, ownership, text);
    }
  } catch (const Error&) {
    restore(*earlier_);
    throw;
  }
  return true;
}

void KubeletInstallation::roll_back() {
  if (!earlier_) {
    undo();
    return;
  }
  const auto lock = lock_of(config_.parent_path());
  restore(*earlier_);
}

bool KubeletInstallation::undo() {
  const auto lock = lock_of(config_.parent_path());
  const auto notes = read_note();
  if (!notes.first && !notes.second) return false;
  restore({notes,
           base::read_file(backup_of(config_)),
           base::read_file(backup_of(program_), max_program),
           {},
           {},
           {}});
  return true;
}

bool KubeletInstallation::has_entry() const {
  const auto text = base::read_file(config_);
  return text && kubelet::find_our_provider(kubelet::parse_yaml(*text, config_.string())) != nullptr;
}

bool KubeletInstallation::needs_restart() const {
  const auto json = base::parse_json(base::read_file(note()).value_or(""));
  return json && base::member(*json, "needs_restart") == true;
}

void KubeletInstallation::note_restart() {
  const auto lock = lock_of(config_.parent_path());
  if (needs_restart()) write_note(read_note(), false);
}

fs::path KubeletInstallation::note() const {
  return config_.parent_path() / ("." + config_.filename().string() + ".undo-docker-credential-snowflake");
}

bool KubeletInstallation::is_executable() const {
  const auto ownership = base::FileOwnership::of(program_);
  return ownership && (ownership->mode & 0111U) == 0111U;
}

std::string KubeletInstallation::merge(const std::string& text,
                                       const kubelet::KubernetesVersion& version) const {
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

KubeletInstallation::Before KubeletInstallation::note_of(const fs::path& path, const std::string& after) {
  Before before;
  before.made_folder = make_folders(path.parent_path());
  if (const auto ownership = base::FileOwnership::of(path)) {
    before.existed = true;
    before.ownership = *ownership;
  }
  before.after = {fingerprint(after)};
  return before;
}

/// The folders that an earlier installation made must be removed by `undo` as well.
std::optional<KubeletInstallation::Before> KubeletInstallation::following(
    std::optional<Before> now, const std::optional<Before>& earlier) {
  if (now && now->made_folder.empty() && earlier) now->made_folder = earlier->made_folder;
  return now;
}

KubeletInstallation::Notes KubeletInstallation::read_note() const {
  const auto json = base::parse_json(base::read_file(note()).value_or(""));
  if (!json) return {};
  const auto part = [&](const char* name) {
    const auto& value = base::member(*json, name);
    return value.is_object() ? std::optional{Before::from_json(value)} : std::nullopt;
  };
  return {part("config"), part("program")};
}

void KubeletInstallation::write_note(const Notes& notes, bool needs_restart) const {
  base::Json json = {{"needs_restart", needs_restart}};
  if (notes.first) json["config"] = notes.first->to_json();
  if (notes.second) json["program"] = notes.second->to_json();
  base::write_file(note(), json.dump(2) + '\n', 0600);
}

void KubeletInstallation::restore(const Earlier& earlier) {
  const auto& [config, program] = earlier.notes;
  if (config) restore_config(*config, earlier.config);
  // An entry that existed before needs its program: without it, the kubelet does not start.
  if (program && (program->existed || !has_entry())) restore_file(program_, *program, earlier.program);
  for (const auto& file : {config_, program_, backup_of(config_), backup_of(program_), note()})
    remove_unfinished(file);
  put_back(backup_of(config_), earlier.config_backup);
  put_back(backup_of(program_), earlier.program_backup);
  // The note is the last to go: until then, undo can be repeated.
  put_back(note(), earlier.note);
  if (config) remove_folders(config_.parent_path(), config->made_folder);
  if (program) remove_folders(program_.parent_path(), program->made_folder);
}

/// Call this before the program is removed: a kubelet does not start with an entry whose program is missing.
void KubeletInstallation::restore_config(const Before& before, const std::optional<std::string>& content) {
  const auto text = base::read_file(config_);
  if (!text || before.is_followed_by(*text)) {
    restore_file(config_, before, content);
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

void KubeletInstallation::restore_file(const fs::path& path, const Before& before,
                                       const std::optional<std::string>& content) {
  const auto now = base::read_file(path, max_program);
  if (before.existed && content) {
    replace(path, *content, before.ownership, now);
  } else if (!before.existed && now && before.is_followed_by(*now)) {
    remove_file(path);
  }
}

}  // namespace helper
