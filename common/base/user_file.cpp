// SPDX-License-Identifier: Apache-2.0
#include "base/user_file.hpp"

#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <vector>

#include "base/error.hpp"
#include "base/file.hpp"

namespace base {
namespace {

constexpr std::size_t max_size = 64U << 20;
/// As many as the kernel follows (path_resolution(7)).
constexpr int max_links = 40;

/// Throws for root when the link belongs to another user, who could make it point to any file of the system.
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
  explicit AsOwner(const UserFile& file) {
    if (geteuid() != 0 || (file.text && file.ownership.user == 0)) return;
    const auto owner = FileOwnership::of(existing_directory(file.target.parent_path()));
    if (!owner || owner->user == 0) return;
    groups_.resize(static_cast<std::size_t>(std::max(getgroups(0, nullptr), 0)));
    if (getgroups(static_cast<int>(groups_.size()), groups_.data()) < 0) groups_.clear();
    // Inside a user namespace the owner may not be a user; then root stays root.
    has_switched_ = setgroups(0, nullptr) == 0 && setegid(owner->group) == 0 && seteuid(owner->user) == 0;
    if (!has_switched_) restore();
  }
  AsOwner(const AsOwner&) = delete;
  AsOwner& operator=(const AsOwner&) = delete;
  ~AsOwner() {
    if (has_switched_) restore();
  }

private:
  void restore() {
    const bool done =
        seteuid(0) == 0 && setegid(getgid()) == 0 && setgroups(groups_.size(), groups_.data()) == 0;
    static_cast<void>(done);  // setgroups fails where a user namespace forbids it, and nothing was changed
  }

  std::vector<gid_t> groups_;
  bool has_switched_ = false;
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

}  // namespace

UserFile UserFile::read(const std::filesystem::path& path) {
  UserFile file{path, resolved(path), std::nullopt};
  file.text = read_file(file.target, max_size);
  if (const auto ownership = FileOwnership::of(file.target)) file.ownership = *ownership;
  return file;
}

void UserFile::require_writable() const {
  constexpr unsigned owner_writes = 0200;
  if (text && (ownership.mode & owner_writes) == 0) {
    throw Error(Kind::config, target.string() + " is write-protected",
                "chmod u+w " + target.string() + ", or change it where it is generated");
  }
  const auto directory = existing_directory(target.parent_path());
  if (access(directory.c_str(), W_OK) == 0) return;
  const int error = errno;
  throw Error(Kind::config,
              "cannot write " + target.string() + ": " + directory.string() + ": " +
                  std::generic_category().message(error),
              error == EROFS
                  ? "mount the file system of that directory writable: findmnt --target " + directory.string()
                  : "make that directory writable: ls -ld " + directory.string());
}

bool UserFile::replace(const std::string& new_text) const {
  require_writable();
  const AsOwner as_owner{*this};
  // The target of a link may be on a disk that is not mounted: no directory is created there.
  std::error_code ignored;
  if (!std::filesystem::is_symlink(std::filesystem::symlink_status(path, ignored)))
    make_directory(target.parent_path());
  return replace_file(target, new_text, ownership, [&] { return read_file(target, max_size) == text; });
}

bool UserFile::remove() const {
  require_writable();
  const AsOwner as_owner{*this};
  if (read_file(target, max_size) != text) return false;
  if (unlink(target.c_str()) == 0) return true;
  throw Error(Kind::config,
              "cannot remove " + target.string() + ": " + std::generic_category().message(errno),
              "remove it yourself: rm " + target.string());
}

void UserFile::change(const std::filesystem::path& path,
                      const std::function<bool(const UserFile&)>& try_change) {
  constexpr int max_attempts = 5;
  for (int attempt = 0; attempt < max_attempts; ++attempt) {
    if (try_change(read(path))) return;
  }
  throw Error(Kind::config, path.string() + " is being changed by another program",
              "run this again when that has finished");
}

std::filesystem::path UserFile::backup() const { return target.string() + ".before-docker-snowflake"; }

void UserFile::back_up(const std::string& original) const {
  std::error_code ignored;
  if (original.empty() || std::filesystem::exists(std::filesystem::symlink_status(backup(), ignored))) return;
  const AsOwner as_owner{*this};
  auto private_to_owner = ownership;
  private_to_owner.mode = 0600;
  static_cast<void>(replace_file(backup(), original, private_to_owner, [] { return true; }));
}

}  // namespace base
