// SPDX-License-Identifier: Apache-2.0
#include "base/file_change.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace base {
namespace {

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
      : directory_(target.has_parent_path() ? target.parent_path() : "."),
        prefix_("." + target.filename().string() + ".new-") {
    remove_leftovers();
    // linkat() gives it a name by way of /proc.
    if (access("/proc/self/fd", X_OK) == 0)
      file_ = Descriptor{open(directory_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)};
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
    std::string name = (directory_ / (prefix_ + "XXXXXX")).string();
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
          (directory_ / (prefix_ + std::to_string(getpid()) + "-" + std::to_string(attempt))).string();
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
    for (std::filesystem::directory_iterator entry{directory_, failed}, end; !failed && entry != end;
         entry.increment(failed)) {
      if (!entry->path().filename().native().starts_with(prefix_)) continue;
      const Descriptor file{open(entry->path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
      if (file.is_open() && flock(file.number(), LOCK_EX | LOCK_NB) == 0) unlink(entry->path().c_str());
    }
  }

  std::filesystem::path directory_;
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
  const std::string old = read_to_end(file, path, std::string::npos - 1);
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
    throw Error(Kind::config, "this user has no home directory to write to",
                "set HOME to your home directory");
  }
  require_replaceable(path);
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

int lock_without_waiting(const Descriptor& file) noexcept {
  while (flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EINTR) return errno;
  }
  return 0;
}

void wait_for_lock(const std::function<bool()>& try_lock, const std::string& what, const Deadline& deadline,
                   Clock& clock) {
  std::chrono::milliseconds pause{5};
  while (!try_lock()) {
    if (deadline.expired()) {
      throw Error(
          Kind::busy, "timed out waiting for another process that is busy with " + what,
          "try again; if that does not help, look for a docker-credential-snowflake or docker snowflake "
          "process that hangs");
    }
    clock.sleep(std::min(pause, deadline.left()));
    pause = std::min(pause * 2, std::chrono::milliseconds{40});
  }
}

FileLock::FileLock(const std::filesystem::path& file, const std::string& what, const Deadline& deadline,
                   Clock& clock)
    : file_(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600)) {
  if (!file_.is_open()) throw file_error("cannot open the lock", file, errno);
  // Polled, because a blocking flock has no deadline.
  const auto try_lock = [&] {
    const int error = lock_without_waiting(file_);
    if (error != 0 && error != EWOULDBLOCK) throw file_error("cannot lock", file, error);
    return error == 0;
  };
  wait_for_lock(try_lock, what, deadline, clock);
}

}  // namespace base
