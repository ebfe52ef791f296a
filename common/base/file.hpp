// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace base {

/// Owns a file descriptor; -1 when there is none.
class Descriptor {
public:
  explicit Descriptor(int number = -1) noexcept : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();

  int number() const noexcept { return number_; }
  bool is_open() const noexcept { return number_ >= 0; }

private:
  int number_;
};

/// The error "`what` `path`: cause", where `what` is "cannot read" or the like, with a next step. The cause
/// is that of `error`, an errno(3). A path that is really a key or a token is not shown
/// (`looks_like_secret`).
[[nodiscard]] Error file_error(std::string_view what, const std::filesystem::path& path, int error);

/// The status of an open file, from the descriptor that is read afterwards.
struct FileStatus {
  mode_t mode = 0;  ///< permission bits only
  uid_t owner = 0;
};

/// Which files `read_file` accepts.
struct ReadOptions {
  std::size_t max_bytes = 16U << 20;
  /// The file controls logins: it must belong to this user or to root.
  bool must_be_own = false;
  /// Throws when the file must not be used.
  std::function<void(const FileStatus&)> check = {};
  /// If set, a file in a directory that this user cannot enter counts as absent, and a warning is added here.
  /// Otherwise it is an error.
  std::vector<std::string>* unreachable = nullptr;
};

/// From now on, a file that controls logins is refused unless it belongs to root or this user and no other
/// user may open it: on a node of a cluster, such files are for root only. `required`: for tests.
void require_private_files(bool required = true);

/// The rest of an open file. Throws `config` when that is more than `max_bytes`, or cannot be read; `path` is
/// for the message.
[[nodiscard]] std::string read_to_end(const Descriptor&, const std::filesystem::path& path,
                                      std::size_t max_bytes);

/// The contents of a file; absent when it does not exist, and for an empty path. /dev/null is an empty file.
/// Throws `config` for anything but a regular file (a named pipe is never waited for), for a file that is too
/// large, and with the cause when it cannot be read.
[[nodiscard]] std::optional<std::string> read_file(const std::filesystem::path& path, const ReadOptions&);
[[nodiscard]] std::optional<std::string> read_file(const std::filesystem::path& path,
                                                   std::size_t max_bytes = 16U << 20);
/// Like `read_file`, for text that users write: without the byte order mark that some editors add. Throws
/// `config` for UTF-16 as well.
[[nodiscard]] std::optional<std::string> read_text_file(const std::filesystem::path& path,
                                                        const ReadOptions& = {});

/// Throws `config` when a new file at `path` would replace something else than a file, such as /dev/null.
void require_replaceable(const std::filesystem::path& path);

}  // namespace base
