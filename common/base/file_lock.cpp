// SPDX-License-Identifier: Apache-2.0
#include "base/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>

namespace base {

FileLock::FileLock(const std::filesystem::path& file, const std::string& what, const Deadline& deadline,
                   Clock& clock)
    : file_(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600)) {
  if (!file_.is_open()) throw file_error("cannot open the lock", file, errno);
  // Polled, because a blocking flock has no deadline.
  std::chrono::milliseconds pause{5};
  while (flock(file_.number(), LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    if (error == EINTR) continue;
    if (error != EWOULDBLOCK) throw file_error("cannot lock", file, error);
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

}  // namespace base
