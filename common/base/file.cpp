// SPDX-License-Identifier: Apache-2.0
#include "base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "base/masking.hpp"
#include "base/text.hpp"

namespace base {
namespace {

std::string shown(const std::filesystem::path& path) {
  return looks_like_secret(path.native()) ? "a path that is a key or a token itself"
                                          : printable(path.native(), 1000);
}

bool cannot_be_entered(int error) { return error == EACCES || error == ELOOP || error == ENAMETOOLONG; }

/// The first parent directory of `path` that this user cannot enter; empty when there is none.
std::filesystem::path inaccessible_directory(const std::filesystem::path& path) {
  std::filesystem::path directory;
  for (const auto& part : path.parent_path()) {
    directory /= part;
    if (faccessat(AT_FDCWD, directory.c_str(), X_OK, AT_EACCESS) != 0 && cannot_be_entered(errno))
      return directory;
  }
  return {};
}

/// The file that should be a parent directory of `path`.
std::filesystem::path file_instead_of_directory(const std::filesystem::path& path) {
  std::filesystem::path directory;
  std::error_code ignored;
  for (const auto& part : path.parent_path()) {
    directory /= part;
    if (std::filesystem::exists(directory, ignored) && !std::filesystem::is_directory(directory, ignored))
      return directory;
  }
  return path.parent_path();
}

struct Advice {
  std::string cause;
  std::string next;
};

Advice advice_for(const std::filesystem::path& path, int error) {
  const std::string name = shown(path);
  const std::string directory = shown(path.has_parent_path() ? path.parent_path() : ".");
  switch (error) {
    case EACCES:
      if (const auto closed = inaccessible_directory(path); !closed.empty()) {
        return {"the directory " + shown(closed) + " cannot be entered",
                "check the owner and the mode of that directory: ls -ld " + shown(closed)};
      }
      return {"permission denied", "check the owner and the mode: ls -ld " + directory + " " + name};
    case EPERM:
      return {"operation not permitted",
              "check that the file is yours and not immutable: ls -l " + name + "; lsattr " + name};
    case EROFS:
      return {"the file system is read-only",
              "mount it writable, or use a file elsewhere: findmnt --target " + directory};
    case ENOSPC:
      return {"no space is left on the disk", "free some space: df -h " + directory + "; df -i " + directory};
    case EDQUOT:
      return {"the disk quota is used up", "delete some of your files, or ask for a larger quota: quota -s"};
    case EFBIG:
      return {"the file size limit of this process is reached", "raise the limit: ulimit -f unlimited"};
    case EBUSY:
      return {"it is in use as a mount point or by the system",
              "unmount it, or change the file that is mounted there: findmnt " + name};
    case ENOTDIR:
      return {shown(file_instead_of_directory(path)) + " is a file, not a directory",
              "move that file away, or use another path"};
    case ELOOP:
      return {"there is a loop of symbolic links", "look at the links: namei -l " + name};
    case EMFILE:
    case ENFILE:
      return {"too many files are open", "raise the limit (ulimit -n), or end programs that hold files open"};
    case ENAMETOOLONG:
      return {"the path is too long", "use a shorter path"};
    case ENXIO:
      return {"it is a socket, or a device that is not there", "remove it, or use a regular file"};
    case EISDIR:
      return {"it is a directory", "use the path of a file in it"};
    case ENOENT:
      return {"the directory " + directory + " does not exist", "create it: mkdir -p " + directory};
    case EIO:
      return {"the disk reports an error", "check the disk and the system log: dmesg"};
    default:
      return {std::generic_category().message(error), "look at the file: ls -l " + name};
  }
}

std::string file_type(mode_t mode) {
  if (S_ISDIR(mode)) return "a directory";
  if (S_ISFIFO(mode)) return "a named pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

/// Users pass /dev/null as an empty file.
bool is_null_device(const struct stat& status) {
  return S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3);
}

/// The next step for a file of another user.
std::string next_step_for_owner(uid_t owner, const std::filesystem::path& path) {
  struct stat directory {};
  const bool is_known = stat(path.parent_path().c_str(), &directory) == 0;
  // Root reads a file in its owner's home directory, as with sudo -E.
  if (is_known && geteuid() == 0 && directory.st_uid == owner)
    return "run this without sudo, or with root's own home directory: sudo -H";
  const bool is_own_directory = is_known && directory.st_uid == geteuid();
  // Taking a file away from another user would not help that user.
  return std::string{"use a file that belongs to you or to root"} +
         (is_own_directory ? ": sudo chown " + std::to_string(geteuid()) + " " + shown(path)
                           : ", such as a copy");
}

const char* next_step_for_type(mode_t mode) {
  if (S_ISDIR(mode)) return "use the path of a file in it, or remove it if a file belongs there";
  // Not to be removed: the system needs its devices.
  return S_ISCHR(mode) || S_ISBLK(mode) ? "use the path of a regular file"
                                        : "remove it, or use a regular file";
}

Error too_large(const std::filesystem::path& path, std::size_t max_bytes) {
  return {Kind::config, shown(path) + " is larger than " + std::to_string(max_bytes) + " bytes",
          "check that this is the right file"};
}

void check_type(const struct stat& status, const std::filesystem::path& path) {
  if (S_ISREG(status.st_mode)) return;
  throw Error(Kind::config, shown(path) + " is " + file_type(status.st_mode) + ", not a regular file",
              next_step_for_type(status.st_mode));
}

bool private_files_required = false;

void check_private(const struct stat& status, const std::filesystem::path& path) {
  if (status.st_uid != 0 && status.st_uid != geteuid())
    throw Error(Kind::config, shown(path) + " does not belong to root", "chown root \"" + shown(path) + "\"");
  if ((status.st_mode & 077U) != 0)
    throw Error(Kind::config, "users other than root may open " + shown(path),
                "chmod 0600 \"" + shown(path) + "\"");
}

void check_status(const struct stat& status, const std::filesystem::path& path, const ReadOptions& options) {
  check_type(status, path);
  if (options.must_be_own && private_files_required) check_private(status, path);
  if (options.must_be_own && status.st_uid != geteuid() && status.st_uid != 0) {
    throw Error(Kind::config,
                shown(path) + " belongs to another user (uid " + std::to_string(status.st_uid) + ")",
                next_step_for_owner(status.st_uid, path));
  }
  if (options.check) options.check({status.st_mode & 07777U, status.st_uid});
  if (std::cmp_greater(status.st_size, options.max_bytes)) throw too_large(path, options.max_bytes);
}

/// Whether a parent directory of `path` cannot be entered. Adds one warning for all files in it.
bool warn_about_inaccessible_directory(const std::filesystem::path& path, int error,
                                       std::vector<std::string>& unreachable) {
  const auto closed = inaccessible_directory(path);
  if (closed.empty()) return false;
  const std::string cause = error == EACCES ? "" : " (" + advice_for(path, error).cause + ")";
  std::string warning =
      "the directory " + shown(closed) + " cannot be entered" + cause + ": files in it are not used";
  if (std::ranges::find(unreachable, warning) == unreachable.end()) unreachable.push_back(std::move(warning));
  return true;
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) close(number_);
}

Error file_error(std::string_view what, const std::filesystem::path& path, int error) {
  const auto advice = advice_for(path, error);
  return {Kind::config, std::string{what} + " " + shown(path) + ": " + advice.cause, advice.next};
}

void require_private_files(bool required) { private_files_required = required; }

std::string read_to_end(const Descriptor& file, const std::filesystem::path& path, std::size_t max_bytes) {
  std::string content;
  std::array<char, 16384> buffer;
  while (true) {
    const ssize_t count = read(file.number(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw file_error("cannot read", path, errno);
    if (count == 0) return content;
    content.append(buffer.data(), static_cast<std::size_t>(count));
    if (content.size() > max_bytes) throw too_large(path, max_bytes);
  }
}

void require_replaceable(const std::filesystem::path& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) == 0) check_type(status, path);
}

std::optional<std::string> read_file(const std::filesystem::path& path, const ReadOptions& options) {
  if (path.empty()) return std::nullopt;
  const Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)};
  if (!file.is_open()) {
    const int error = errno;
    if (error == ENOENT || error == ENOTDIR) return std::nullopt;
    if (cannot_be_entered(error) && options.unreachable != nullptr &&
        warn_about_inaccessible_directory(path, error, *options.unreachable))
      return std::nullopt;
    struct stat unreadable {};
    // The owner is the cause.
    if (options.must_be_own && private_files_required && stat(path.c_str(), &unreadable) == 0)
      check_private(unreadable, path);
    throw file_error("cannot read", path, error);
  }
  struct stat status {};
  if (fstat(file.number(), &status) != 0) throw file_error("cannot read", path, errno);
  if (is_null_device(status)) return std::string{};
  check_status(status, path, options);
  return read_to_end(file, path, options.max_bytes);
}

std::optional<std::string> read_file(const std::filesystem::path& path, std::size_t max_bytes) {
  return read_file(path, ReadOptions{.max_bytes = max_bytes});
}

std::optional<std::string> read_text_file(const std::filesystem::path& path, const ReadOptions& options) {
  auto text = read_file(path, options);
  if (!text) return text;
  if (text->starts_with("\xef\xbb\xbf")) text->erase(0, 3);
  if (text->starts_with("\xff\xfe") || text->starts_with("\xfe\xff")) {
    const bool is_utf32 = text->substr(2, 2) == std::string(2, '\0');
    const std::string encoding = is_utf32 ? "UTF-32" : "UTF-16";
    throw Error(Kind::config, shown(path) + " is text in " + encoding,
                "save it as UTF-8: iconv -f " + encoding + " -t UTF-8 " + shown(path) + " > new-file");
  }
  return text;
}

}  // namespace base
