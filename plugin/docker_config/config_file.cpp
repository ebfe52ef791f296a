// SPDX-License-Identifier: Apache-2.0
#include "docker_config/config_file.hpp"

#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"

namespace plugin::docker_config {
namespace {

using base::Error;
using base::Kind;

constexpr std::size_t max_size = 64U << 20;
/// As many as the kernel follows (path_resolution(7)).
constexpr int max_links = 40;

/// What another user may not do to root: a link in a home directory could lead to any file of the system.
void require_own_link(const std::filesystem::path& link, uid_t owner) {
  if (geteuid() != 0 || owner == 0) return;
  throw Error(Kind::config,
              link.string() + " is a link that belongs to another user, so root does not follow it",
              "run this as that user, without sudo");
}

/// `path` without links. Names that do not exist stay as they are.
std::filesystem::path resolved(const std::filesystem::path& path) {
  std::filesystem::path result = "/";
  std::vector<std::filesystem::path> rest;  // the next name last
  const auto push = [&rest](const std::filesystem::path& names) {
    const std::vector<std::filesystem::path> pieces{names.begin(), names.end()};
    rest.insert(rest.end(), pieces.rbegin(), pieces.rend());
  };
  push(std::filesystem::absolute(path).relative_path());
  for (int links = 0; !rest.empty();) {
    const auto name = rest.back();
    rest.pop_back();
    if (name.empty() || name == ".") continue;
    if (name == "..") {
      result = result.parent_path();
      continue;
    }
    struct stat status {};
    if (lstat((result / name).c_str(), &status) != 0 || !S_ISLNK(status.st_mode)) {
      result /= name;
      continue;
    }
    if (++links > max_links)
      throw Error(Kind::config, path.string() + ": its links form a loop", "see: ls -l " + path.string());
    require_own_link(result / name, status.st_uid);
    std::error_code unreadable;
    const auto target = std::filesystem::read_symlink(result / name, unreadable);
    if (target.is_absolute()) result = "/";
    push(target.relative_path());
  }
  return result;
}

/// The directory itself, or the nearest one above it that exists.
std::filesystem::path existing_directory(std::filesystem::path directory) {
  std::error_code ignored;
  while (directory.has_relative_path() && !std::filesystem::exists(directory, ignored))
    directory = directory.parent_path();
  return directory;
}

/// While it exists, root has the rights of the user whose directory holds the file, and what is created
/// belongs to that user. Nothing changes for other users, nor where root's own file is replaced.
class AsOwner {
public:
  explicit AsOwner(const ConfigFile& file) {
    if (geteuid() != 0 || (file.text && file.ownership.user == 0)) return;
    const auto owner = base::FileOwnership::of(existing_directory(file.target.parent_path()));
    if (!owner || owner->user == 0) return;
    groups_.resize(static_cast<std::size_t>(std::max(getgroups(0, nullptr), 0)));
    if (getgroups(static_cast<int>(groups_.size()), groups_.data()) < 0) groups_.clear();
    // Inside a user namespace the owner may be no user at all; then root goes on as it is.
    is_other_ = setgroups(0, nullptr) == 0 && setegid(owner->group) == 0 && seteuid(owner->user) == 0;
    if (!is_other_) restore();
  }
  AsOwner(const AsOwner&) = delete;
  AsOwner& operator=(const AsOwner&) = delete;
  ~AsOwner() {
    if (is_other_) restore();
  }

private:
  void restore() {
    const bool done =
        seteuid(0) == 0 && setegid(getgid()) == 0 && setgroups(groups_.size(), groups_.data()) == 0;
    static_cast<void>(done);  // setgroups fails where a user namespace forbids it, and nothing was changed
  }

  std::vector<gid_t> groups_;
  bool is_other_ = false;
};

/// With mode 0700: it is in a home directory.
void make_directory(const std::filesystem::path& directory) {
  std::error_code error;
  if (directory.empty() || std::filesystem::is_directory(directory, error)) return;
  make_directory(directory.parent_path());
  if (std::filesystem::create_directory(directory, error))
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
  const auto reason = error.message();
  if (!std::filesystem::is_directory(directory, error)) {
    throw Error(Kind::config, "cannot make the directory " + directory.string() + ": " + reason,
                "see: ls -ld " + directory.string() + " " + directory.parent_path().string());
  }
}

std::filesystem::path below_home(const std::filesystem::path& path) {
  if (!path.is_relative()) return path;
  throw Error(Kind::config, "there is no home directory: HOME is not set",
              "set HOME, or name Docker's directory with --docker-config");
}

/// Throws `config` for a path that a shell would have had to expand: Docker would make a directory called
/// `~`.
void require_expanded(const char* variable, const std::string& path) {
  const bool has_blanks = path != base::trim(path);
  if (!has_blanks && path.find_first_of("~$\"'") != 0) return;
  throw Error(Kind::config,
              std::string{variable} + " is '" + base::printable(path, 200) + "', which " +
                  (has_blanks ? "begins or ends with a space" : "no shell has expanded"),
              std::string{"set it to an absolute path: export "} + variable + "=\"$HOME/.docker\"");
}

std::filesystem::path absolute_of(const std::string& path) {
  std::error_code error;
  auto absolute = std::filesystem::absolute(path, error);
  if (!error) return absolute;
  throw Error(Kind::config, "'" + base::printable(path, 200) + "' is not a valid path: " + error.message(),
              "use an absolute path");
}

}  // namespace

std::filesystem::path docker_file(const base::Environment& environment,
                                  const std::optional<std::string>& given) {
  if (given) return absolute_of(*given) / "config.json";
  if (const auto directory = environment.non_empty("DOCKER_CONFIG")) {
    require_expanded("DOCKER_CONFIG", *directory);
    return absolute_of(*directory) / "config.json";
  }
  return below_home(environment.home() / ".docker/config.json");
}

std::filesystem::path containers_file(const base::Environment& environment) {
  if (const auto file = environment.non_empty("REGISTRY_AUTH_FILE")) return absolute_of(*file);
  return below_home(environment.config_home() / "containers/auth.json");
}

std::optional<std::filesystem::path> containers_runtime_file(const base::Environment& environment) {
  if (environment.non_empty("REGISTRY_AUTH_FILE")) return std::nullopt;
  if (const auto directory = environment.non_empty("XDG_RUNTIME_DIR"))
    return std::filesystem::path{*directory} / "containers/auth.json";
  return "/run/containers/" + std::to_string(geteuid()) + "/auth.json";
}

std::filesystem::path helm_file(const base::Environment& environment) {
  if (const auto file = environment.non_empty("HELM_REGISTRY_CONFIG")) return absolute_of(*file);
  if (const auto directory = environment.non_empty("HELM_CONFIG_HOME"))
    return absolute_of(*directory) / "registry/config.json";
  return below_home(environment.config_home() / "helm/registry/config.json");
}

ConfigFile ConfigFile::read(const std::filesystem::path& path) {
  ConfigFile file{path, resolved(path), std::nullopt};
  file.text = base::read_file(file.target, max_size);
  if (const auto ownership = base::FileOwnership::of(file.target)) file.ownership = *ownership;
  return file;
}

void require_writable(const ConfigFile& file) {
  constexpr unsigned owner_writes = 0200;
  if (file.text && (file.ownership.mode & owner_writes) == 0) {
    throw Error(Kind::config, file.target.string() + " is write-protected",
                "chmod u+w " + file.target.string() + ", or change it where it is generated");
  }
  const auto directory = existing_directory(file.target.parent_path());
  if (access(directory.c_str(), W_OK) == 0) return;
  const int error = errno;
  throw Error(Kind::config,
              "cannot write " + file.target.string() + ": " + directory.string() + ": " +
                  std::generic_category().message(error),
              error == EROFS
                  ? "mount the file system of that directory writable: findmnt --target " + directory.string()
                  : "make that directory writable: ls -ld " + directory.string());
}

bool replace(const ConfigFile& file, const std::string& text) {
  require_writable(file);
  const AsOwner as_owner{file};
  // Where a link leads may be a disk that is not mounted today: no directory is made there.
  std::error_code ignored;
  if (!std::filesystem::is_symlink(std::filesystem::symlink_status(file.path, ignored)))
    make_directory(file.target.parent_path());
  return base::replace_file(file.target, text, file.ownership,
                            [&] { return base::read_file(file.target, max_size) == file.text; });
}

bool remove(const ConfigFile& file) {
  require_writable(file);
  const AsOwner as_owner{file};
  if (base::read_file(file.target, max_size) != file.text) return false;
  if (unlink(file.target.c_str()) == 0) return true;
  throw Error(Kind::config,
              "cannot remove " + file.target.string() + ": " + std::generic_category().message(errno),
              "remove it yourself: rm " + file.target.string());
}

void retry_change(const std::filesystem::path& file, const std::function<bool()>& change) {
  constexpr int max_attempts = 5;
  for (int attempt = 0; attempt < max_attempts; ++attempt) {
    if (change()) return;
  }
  throw Error(Kind::config, file.string() + " is being changed by another program",
              "run this again when that has finished");
}

std::filesystem::path backup_of(const ConfigFile& file) {
  return file.target.string() + ".before-docker-snowflake";
}

void back_up(const ConfigFile& file, const std::string& text) {
  std::error_code ignored;
  const auto backup = backup_of(file);
  if (text.empty() || std::filesystem::exists(std::filesystem::symlink_status(backup, ignored))) return;
  const AsOwner as_owner{file};
  auto ownership = file.ownership;
  ownership.mode = 0600;
  static_cast<void>(base::replace_file(backup, text, ownership, [] { return true; }));
}

}  // namespace plugin::docker_config
