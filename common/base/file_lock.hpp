// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "base/clock.hpp"
#include "base/file.hpp"

namespace base {

/// Holds an exclusive lock on a file (flock(2)) for as long as it exists. The kernel releases it when the
/// process dies, however it dies, so a lock is never stale and its file is never deleted.
class FileLock {
public:
  /// Waits until the lock is free. Throws `busy` at the deadline, with `what` the other process is doing, and
  /// `config` when the file cannot be created.
  FileLock(const std::filesystem::path& file, const std::string& what, const Deadline& deadline,
           Clock& clock);

private:
  Descriptor file_;
};

}  // namespace base
