// SPDX-License-Identifier: Apache-2.0
#include "base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/error.hpp"

namespace base {
namespace {

class Descriptor {
public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  int number() const { return number_; }

private:
  int number_;
};

[[noreturn]] void fail(const std::string& what, const std::filesystem::path& path, int error) {
  throw Error(Kind::config, what + " " + path.string() + ": " + std::generic_category().message(error),
              "check that the file exists and that you may use it: ls -l " + path.string());
}

void write_all(int file, std::string_view content, const std::filesystem::path& path) {
  while (!content.empty()) {
    const ssize_t written = write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("cannot write", path, errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
}

bool belongs_to(const FileOwnership& wanted, const std::filesystem::path& path) {
  const FileOwnership anybody;
  const auto is = FileOwnership::of(path);
  return is && (wanted.user == anybody.user || wanted.user == is->user) &&
         (wanted.group == anybody.group || wanted.group == is->group);
}

}  // namespace

std::optional<std::string> read_file(const std::filesystem::path& path, std::size_t most) {
  const Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY)};
  if (file.number() < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    fail("cannot open", path, errno);
  }
  std::string content;
  char buffer[16384];
  while (true) {
    const ssize_t count = read(file.number(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("cannot read", path, errno);
    if (count == 0) return content;
    content.append(buffer, static_cast<std::size_t>(count));
    if (content.size() > most) {
      throw Error(Kind::config, path.string() + " is larger than " + std::to_string(most) + " bytes",
                  "check that this is the file you mean");
    }
  }
}

void write_file(const std::filesystem::path& path, std::string_view content, unsigned mode) {
  replace_file(path, content, {.mode = mode}, [] { return true; });
}

std::optional<FileOwnership> FileOwnership::of(const std::filesystem::path& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return std::nullopt;
  return FileOwnership{status.st_mode & 07777U, status.st_uid, status.st_gid};
}

bool replace_file(const std::filesystem::path& path, std::string_view content, const FileOwnership& ownership,
                  const std::function<bool()>& still_right) {
  std::string temporary = path.string() + ".XXXXXX";
  const Descriptor file{mkostemp(temporary.data(), O_CLOEXEC)};
  if (file.number() < 0) fail("cannot write beside", path, errno);
  try {
    if (!belongs_to(ownership, temporary) && fchown(file.number(), ownership.user, ownership.group) != 0)
      fail("cannot keep the owner of", path, errno);
    if (fchmod(file.number(), ownership.mode) != 0) fail("cannot set the mode of", temporary, errno);
    write_all(file.number(), content, temporary);
    if (fsync(file.number()) != 0) fail("cannot write", temporary, errno);
    if (!still_right()) {
      unlink(temporary.c_str());
      return false;
    }
    if (rename(temporary.c_str(), path.c_str()) != 0) fail("cannot replace", path, errno);
    return true;
  } catch (const Error&) {
    unlink(temporary.c_str());
    throw;
  }
}

}  // namespace base
