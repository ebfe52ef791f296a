// SPDX-License-Identifier: Apache-2.0
#include "base/file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "base/masking.hpp"
#include "base/text.hpp"

namespace base {
namespace {

std::string shown(const std::filesystem::path& path) {
  return looks_like_secret(path.native()) ? "a path that is a key or a token itself"
                                          : printable(path.native(), 1000);
}

bool leads_nowhere(int error) { return error == EACCES || error == ELOOP || error == ENAMETOOLONG; }

/// The first parent folder of `path` that this user cannot enter; empty when there is none.
std::filesystem::path inaccessible_folder(const std::filesystem::path& path) {
  std::filesystem::path folder;
  for (const auto& part : path.parent_path()) {
    folder /= part;
    if (faccessat(AT_FDCWD, folder.c_str(), X_OK, AT_EACCESS) != 0 && leads_nowhere(errno)) return folder;
  }
  return {};
}

/// The file that should be a parent folder of `path`.
std::filesystem::path file_instead_of_folder(const std::filesystem::path& path) {
  std::filesystem::path folder;
  std::error_code ignored;
  for (const auto& part : path.parent_path()) {
    folder /= part;
    if (std::filesystem::exists(folder, ignored) && !std::filesystem::is_directory(folder, ignored))
      return folder;
  }
  return path.parent_path();
}

struct Advice {
  std::string cause;
  std::string next;
};

Advice advice_for(const std::filesystem::path& path, int error) {
  const std::string name = shown(path);
  const std::string folder = shown(path.has_parent_path() ? path.parent_path() : ".");
  switch (error) {
    case EACCES:
      if (const auto closed = inaccessible_folder(path); !closed.empty()) {
        return {"the folder " + shown(closed) + " cannot be entered",
                "check the owner and the mode of that folder: ls -ld " + shown(closed)};
      }
      return {"permission denied", "check the owner and the mode: ls -ld " + folder + " " + name};
    case EPERM:
      return {"operation not permitted",
              "check that the file is yours and not immutable: ls -l " + name + "; lsattr " + name};
    case EROFS:
      return {"the file system is read-only",
              "mount it writable, or use a file elsewhere: findmnt --target " + folder};
    case ENOSPC:
      return {"no space is left on the disk", "free some space: df -h " + folder + "; df -i " + folder};
    case EDQUOT:
      return {"the disk quota is used up", "delete some of your files, or ask for a larger quota: quota -s"};
    case EFBIG:
      return {"the file size limit of this process is reached", "raise the limit: ulimit -f unlimited"};
    case EBUSY:
      return {"it is in use as a mount point or by the system",
              "unmount it, or change the file that is mounted there: findmnt " + name};
    case ENOTDIR:
      return {shown(file_instead_of_folder(path)) + " is a file, not a folder",
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
      return {"it is a folder", "use the path of a file in it"};
    case ENOENT:
      return {"the folder " + folder + " does not exist", "create it: mkdir -p " + folder};
    case EIO:
      return {"the disk reports an error", "check the disk and the system log: dmesg"};
    default:
      return {std::generic_category().message(error), "look at the file: ls -l " + name};
  }
}

std::string kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a named pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

/// Users pass /dev/null as an empty file.
bool is_null_device(const struct stat& status) {
  return S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3);
}

/// Whether root reads a file in the home of its owner, as with sudo -E.
bool is_in_home_of(uid_t owner, const std::filesystem::path& path) {
  struct stat folder {};
  return geteuid() == 0 && stat(path.parent_path().c_str(), &folder) == 0 && folder.st_uid == owner;
}

void check_status(const struct stat& status, const std::filesystem::path& path, const ReadOptions& options) {
  if (!S_ISREG(status.st_mode)) {
    throw Error(Kind::config, shown(path) + " is " + kind_of(status.st_mode) + ", not a regular file",
                "remove it, or use a regular file");
  }
  if (options.must_be_own && status.st_uid != geteuid() && status.st_uid != 0) {
    throw Error(
        Kind::config, shown(path) + " belongs to another user (uid " + std::to_string(status.st_uid) + ")",
        is_in_home_of(status.st_uid, path) ? "run this without sudo, or with root's own home folder: sudo -H"
                                           : "use a file that belongs to you or to root: sudo chown " +
                                                 std::to_string(geteuid()) + " " + shown(path));
  }
  if (options.check) options.check({status.st_mode & 07777U, status.st_uid});
  if (std::cmp_greater(status.st_size, options.max_bytes)) {
    throw Error(Kind::config, shown(path) + " is larger than " + std::to_string(options.max_bytes) + " bytes",
                "check that this is the right file");
  }
}

/// Whether a parent folder of `path` cannot be entered. Adds one warning for all files in it.
bool warn_about_inaccessible_folder(const std::filesystem::path& path, int error,
                                    std::vector<std::string>& unreachable) {
  const auto closed = inaccessible_folder(path);
  if (closed.empty()) return false;
  const std::string cause = error == EACCES ? "" : " (" + advice_for(path, error).cause + ")";
  std::string warning =
      "the folder " + shown(closed) + " cannot be entered" + cause + ": files in it are not used";
  if (std::ranges::find(unreachable, warning) == unreachable.end()) unreachable.push_back(std::move(warning));
  return true;
}

std::string read_to_end(int file, const std::filesystem::path& path, std::size_t max_bytes) {
  std::string content;
  std::array<char, 16384> buffer;
  while (true) {
    const ssize_t count = read(file, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw file_error("cannot read", path, errno);
    if (count == 0) return content;
    content.append(buffer.data(), static_cast<std::size_t>(count));
    if (content.size() > max_bytes) {
      throw Error(Kind::config, shown(path) + " is larger than " + std::to_string(max_bytes) + " bytes",
                  "check that this is the right file");
    }
  }
}

/// Returns 0 or an errno.
int write_at_start(int file, std::string_view content) {
  off_t offset = 0;
  while (!content.empty()) {
    const ssize_t written = pwrite(file, content.data(), content.size(), offset);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    content.remove_prefix(static_cast<std::size_t>(written));
    offset += written;
  }
  return 0;
}

/// Blocks the signals that end a program, so that none arrives between two steps that belong together.
class SignalBlocker {
public:
  SignalBlocker() {
    sigset_t blocked;
    sigemptyset(&blocked);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) sigaddset(&blocked, signal);
    pthread_sigmask(SIG_BLOCK, &blocked, &before_);
  }
  SignalBlocker(const SignalBlocker&) = delete;
  SignalBlocker& operator=(const SignalBlocker&) = delete;
  ~SignalBlocker() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
  sigset_t before_{};
};

/// A temporary file that will replace `target`. Where the file system supports O_TMPFILE, it has no name
/// until the last moment, so that a killed process leaves nothing behind. Otherwise the next process removes
/// the leftover: the one that made it holds a lock on it while it runs.
class NewFile {
public:
  explicit NewFile(const std::filesystem::path& target)
      : folder_(target.has_parent_path() ? target.parent_path() : "."),
        prefix_("." + target.filename().string() + ".new-") {
    remove_leftovers();
    // linkat() gives it a name by way of /proc.
    if (access("/proc/self/fd", X_OK) == 0)
      file_ = Descriptor{open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)};
    if (!file_.is_open()) make_named();
    if (!file_.is_open()) error_ = errno;
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() {
    if (!name_.empty()) unlink(name_.c_str());
  }

  /// The errno of why it could not be created, or 0.
  int error() const noexcept { return error_; }

  void fill(std::string_view content, const FileOwnership& ownership, const std::filesystem::path& target) {
    struct stat status {};
    if (fstat(file_.number(), &status) != 0) throw file_error("cannot write", target, errno);
    const FileOwnership unchanged;
    const bool other_user = ownership.user != unchanged.user && ownership.user != status.st_uid;
    const bool other_group = ownership.group != unchanged.group && ownership.group != status.st_gid;
    if ((other_user || other_group) && fchown(file_.number(), ownership.user, ownership.group) != 0)
      throw file_error("cannot keep the owner of", target, errno);
    if (fchmod(file_.number(), ownership.mode) != 0)
      throw file_error("cannot set the mode of", target, errno);
    if (const int error = write_at_start(file_.number(), content); error != 0)
      throw file_error("cannot write", target, error);
    if (fsync(file_.number()) != 0) throw file_error("cannot write", target, errno);
  }

  /// Returns 0, or the errno of why `target` could not be replaced.
  int move_to(const std::filesystem::path& target) {
    if (name_.empty() && !give_name()) return errno;
    if (rename(name_.c_str(), target.c_str()) != 0) return errno;
    name_.clear();
    return 0;
  }

private:
  void make_named() {
    std::string name = (folder_ / (prefix_ + "XXXXXX")).string();
    file_ = Descriptor{mkostemp(name.data(), O_CLOEXEC)};
    if (!file_.is_open()) return;
    name_ = name;
    flock(file_.number(), LOCK_EX | LOCK_NB);
  }

  bool give_name() {
    flock(file_.number(), LOCK_EX | LOCK_NB);
    const std::string link = "/proc/self/fd/" + std::to_string(file_.number());
    for (int attempt = 0; attempt < 100; ++attempt) {
      const std::string name =
          (folder_ / (prefix_ + std::to_string(getpid()) + "-" + std::to_string(attempt))).string();
      if (linkat(AT_FDCWD, link.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0) {
        name_ = name;
        return true;
      }
      if (errno != EEXIST) return false;
    }
    return false;
  }

  void remove_leftovers() const {
    std::error_code failed;
    for (std::filesystem::directory_iterator entry{folder_, failed}, end; !failed && entry != end;
         entry.increment(failed)) {
      if (!entry->path().filename().native().starts_with(prefix_)) continue;
      const Descriptor file{open(entry->path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
      if (file.is_open() && flock(file.number(), LOCK_EX | LOCK_NB) == 0) unlink(entry->path().c_str());
    }
  }

  std::filesystem::path folder_;
  std::string prefix_;
  std::string name_;
  Descriptor file_;
  int error_ = 0;
};

bool may_be_written_in_place(int error) {
  return error == EBUSY || error == EACCES || error == EPERM || error == EROFS || error == EXDEV;
}

/// For a file that cannot be replaced. Throws `file_error` with the errno `reason` when it is not a regular
/// file that this user may write to.
void write_in_place(const std::filesystem::path& path, std::string_view content,
                    const FileOwnership& ownership, int reason) {
  const Descriptor file{open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)};
  struct stat status {};
  if (!file.is_open() || fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode))
    throw file_error("cannot replace", path, reason);
  if ((status.st_mode & 07777U & ~ownership.mode) != 0 && fchmod(file.number(), ownership.mode) != 0)
    throw file_error("cannot set the mode of", path, errno);
  const std::string old = read_to_end(file.number(), path, std::string::npos - 1);
  // Allocate first: a full disk must not cost the old content. Not every file system supports it.
  if (content.size() > old.size() &&
      fallocate(file.number(), FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(content.size())) != 0 &&
      errno != EOPNOTSUPP)
    throw file_error("cannot write", path, errno);
  int error = write_at_start(file.number(), content);
  if (error == 0 && ftruncate(file.number(), static_cast<off_t>(content.size())) != 0) error = errno;
  if (error == 0 && fsync(file.number()) != 0) error = errno;
  if (error == 0) return;
  if (write_at_start(file.number(), old) == 0) [[maybe_unused]]
    const int cut = ftruncate(file.number(), static_cast<off_t>(old.size()));
  throw file_error("cannot write", path, error);
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) close(number_);
}

Error file_error(std::string_view what, const std::filesystem::path& path, int error) {
  const auto advice = advice_for(path, error);
  return {Kind::config, std::string{what} + " " + shown(path) + ": " + advice.cause, advice.next};
}

std::optional<std::string> read_file(const std::filesystem::path& path, const ReadOptions& options) {
  if (path.empty()) return std::nullopt;
  const Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)};
  if (!file.is_open()) {
    const int error = errno;
    if (error == ENOENT || error == ENOTDIR) return std::nullopt;
    if (leads_nowhere(error) && options.unreachable != nullptr &&
        warn_about_inaccessible_folder(path, error, *options.unreachable))
      return std::nullopt;
    throw file_error("cannot read", path, error);
  }
  struct stat status {};
  if (fstat(file.number(), &status) != 0) throw file_error("cannot read", path, errno);
  if (is_null_device(status)) return std::string{};
  check_status(status, path, options);
  return read_to_end(file.number(), path, options.max_bytes);
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

void write_file(const std::filesystem::path& path, std::string_view content, unsigned mode) {
  static_cast<void>(replace_file(path, content, {.mode = mode}, [] { return true; }));
}

std::optional<FileOwnership> FileOwnership::of(const std::filesystem::path& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return std::nullopt;
  return FileOwnership{status.st_mode & 07777U, status.st_uid, status.st_gid};
}

bool replace_file(const std::filesystem::path& path, std::string_view content, const FileOwnership& ownership,
                  const std::function<bool()>& is_unchanged) {
  if (path.empty()) {
    throw Error(Kind::config, "this user has no home folder to write to", "set HOME to your home folder");
  }
  const SignalBlocker blocked;
  NewFile file{path};
  int error = file.error();
  if (error == 0) {
    file.fill(content, ownership, path);
    if (!is_unchanged()) return false;
    error = file.move_to(path);
    if (error == 0) return true;
  } else if (may_be_written_in_place(error) && !is_unchanged()) {
    return false;
  }
  if (!may_be_written_in_place(error)) throw file_error("cannot write", path, error);
  write_in_place(path, content, ownership, error);
  return true;
}

}  // namespace base
