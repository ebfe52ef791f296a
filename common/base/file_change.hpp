// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/file.hpp"

namespace base {

/// Replaces the file `path` atomically: readers see either the old or the new content, never a part of it.
/// Throws `config`.
void write_file(const std::filesystem::path& path, std::string_view content, unsigned mode = 0600);

/// A file's owner, group and permissions. As in chown(2), -1 keeps the user or group of this process.
struct FileOwnership {
  unsigned mode = 0600;
  uid_t user = static_cast<uid_t>(-1);
  gid_t group = static_cast<gid_t>(-1);

  /// Absent when there is no such file. Symbolic links are followed.
  static std::optional<FileOwnership> of(const std::filesystem::path& path);
};

/// Like `write_file`, for a file of another program: its owner and mode are kept. `is_unchanged` is called
/// just before the last step; when it returns false, nothing is written and this returns false. A file that
/// cannot be replaced, such as a bind mount, is overwritten in place. Throws `config`, also when the new file
/// cannot be given the old owner; the old content is still there then.
[[nodiscard]] bool replace_file(const std::filesystem::path& path, std::string_view content,
                                const FileOwnership&, const std::function<bool()>& is_unchanged);

/// Locks a file or a directory for as long as it is open, unless another process has it locked. Returns 0 or
/// an errno: EWOULDBLOCK for a lock of another process.
int lock_without_waiting(const Descriptor&) noexcept;

/// Waits until `try_lock` returns true. Throws `busy` at the deadline; `what` says what the other process is
/// doing.
void wait_for_lock(const std::function<bool()>& try_lock, const std::string& what, const Deadline& deadline,
                   Clock& clock);

/// Holds an exclusive lock on a file (flock(2)) for as long as it exists. The kernel releases it when the
/// process dies, however it dies, so a lock is never stale and its file is never deleted.
class FileLock {
public:
  /// Waits until the lock is free. Throws like `wait_for_lock`, and `config` when the file cannot be created.
  FileLock(const std::filesystem::path& file, const std::string& what, const Deadline& deadline,
           Clock& clock);

private:
  Descriptor file_;
};

}  // namespace base
