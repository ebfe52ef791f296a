// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "base/clock.hpp"
#include "base/file.hpp"

namespace base {

/// Holds a file locked against other processes as long as it lives. The kernel lets go of it when a process
/// dies, however it dies, so a lock is never stale and its file is never deleted.
class FileLock {
public:
  /// Waits until the lock is free. Throws `busy` when `deadline` comes first, saying `what` the other
  /// process does, and `config` when the file cannot be made.
  FileLock(const std::filesystem::path& file, const std::string& what, const Deadline& deadline,
           Clock& clock);

private:
  Descriptor file_;
};

}  // namespace base
