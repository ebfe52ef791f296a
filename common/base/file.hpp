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

/// Owns an open file; -1 is none.
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

/// What `what` ("cannot read") came to with `path`: the cause that errno(3) stands for and the next step for
/// that cause. A path that is really a key or a token is not shown (`looks_like_secret`).
[[nodiscard]] Error file_error(std::string_view what, const std::filesystem::path& path, int error);

/// Facts about an open file, asked of the descriptor that is then read.
struct FileStatus {
  mode_t mode = 0;  ///< permission bits only
  uid_t owner = 0;
};

struct ReadOptions {
  std::size_t max_bytes = 16U << 20;  ///< the files of this project are small
  /// The file decides about logins: it must belong to this user or to root.
  bool must_be_own = false;
  /// Throws when the file must not be used.
  std::function<void(const FileStatus&)> check = {};
  /// A file in a folder that this user cannot enter counts as absent, and that is said here. Without a list
  /// it is an error.
  std::vector<std::string>* unreachable = nullptr;
};

/// The whole file; absent when there is none, and for an empty path. /dev/null is an empty file. Throws
/// `config` for anything but a regular file (a named pipe is never waited for), for one that is too large,
/// and with the cause when it cannot be read.
[[nodiscard]] std::optional<std::string> read_file(const std::filesystem::path& path, const ReadOptions&);
[[nodiscard]] std::optional<std::string> read_file(const std::filesystem::path& path,
                                                   std::size_t max_bytes = 16U << 20);
/// As `read_file` for text that users write: without the byte order mark that some editors put in front.
/// Throws `config` also for UTF-16.
[[nodiscard]] std::optional<std::string> read_text_file(const std::filesystem::path& path,
                                                        const ReadOptions& = {});

/// Writes `content` to a file with `mode` and puts it in the place of `path`, so that readers see the old
/// file or the new one, whole. Throws `config`.
void write_file(const std::filesystem::path& path, std::string_view content, unsigned mode = 0600);

/// Who owns a file and who may do what with it. As for chown(2), -1 is the user or group that writes.
struct FileOwnership {
  unsigned mode = 0600;
  uid_t user = static_cast<uid_t>(-1);
  gid_t group = static_cast<gid_t>(-1);

  /// Absent when there is no such file. Links are followed.
  static std::optional<FileOwnership> of(const std::filesystem::path& path);
};

/// As `write_file` for a file that another program made: it keeps its owner and mode. `still_right` is asked
/// when all is ready but the last step: if it says no, nothing is changed and this returns false. A file that
/// cannot be replaced, such as one that is mounted by itself, is written in place. Throws `config`, also when
/// the new file cannot be given to the owner of the old one; the old content is there then.
[[nodiscard]] bool replace_file(const std::filesystem::path& path, std::string_view content,
                                const FileOwnership&, const std::function<bool()>& still_right);

}  // namespace base
