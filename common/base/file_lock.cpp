// SPDX-License-Identifier: Apache-2.0
#include "base/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "base/error.hpp"

namespace base {

FileLock::FileLock(const std::filesystem::path& file, const std::string& what, const Deadline& deadline,
                   Clock& clock)
    : file_(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
  if (file_ < 0) {
    throw Error(Kind::config,
                "cannot open the lock " + file.string() + ": " + std::generic_category().message(errno),
                "set XDG_RUNTIME_DIR to a folder of your own with mode 0700");
  }
  // Polled, because a blocking flock has no deadline.
  std::chrono::milliseconds pause{5};
  while (flock(file_, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    if (error == EINTR) continue;
    if (error != EWOULDBLOCK) {
      close(file_);
      throw Error(Kind::config,
                  "cannot lock " + file.string() + ": " + std::generic_category().message(error),
                  "set XDG_RUNTIME_DIR to a folder on a local file system");
    }
    if (deadline.over()) {
      close(file_);
      throw Error(
          Kind::busy, "gave up waiting for another process that is busy with " + what,
          "try again; if it stays so, look for a hanging docker-credential-snowflake or docker snowflake");
    }
    clock.sleep(std::min(pause, deadline.left()));
    pause = std::min(pause * 2, std::chrono::milliseconds{40});
  }
}

FileLock::~FileLock() { close(file_); }

}  // namespace base
