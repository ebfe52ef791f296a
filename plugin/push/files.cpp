// SPDX-License-Identifier: Apache-2.0
#include "push/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "base/error.hpp"
#include "base/interruption.hpp"
#include "base/text.hpp"
#include "net/crypto.hpp"
#include "output/units.hpp"

namespace plugin::push {
namespace {

using base::Error;
using base::Kind;

constexpr const char* own_descriptors = "/proc/self/fd";

std::string reason() { return std::strerror(errno); }

/// False, with an errno, when not all can be written. Throws `Interrupted`.
bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) return false;
    if (count < 0) {
      base::throw_if_interrupted();
    } else {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  return true;
}

/// Whether a name cannot leave the directory that it is looked up in.
bool is_inside(const std::string& name) {
  if (name.empty() || name.front() == '/') return false;
  for (const auto& part : base::split(name, '/')) {
    if (part.empty() || part == "." || part == "..") return false;
  }
  return true;
}

class DirectoryFiles final : public ImageFiles {
public:
  explicit DirectoryFiles(const std::filesystem::path& path) : ImageFiles(path.string()), path_(path) {
    std::error_code failure;
    if (std::filesystem::is_directory(path, failure)) return;
    throw Error(Kind::config, "there is no directory " + quoted(path.string()),
                "oci: takes the directory of an OCI image layout, oci-archive: a tar file");
  }
  std::optional<Slice> find(const std::string& name) const override {
    std::error_code failure;
    if (!is_inside(name) || !std::filesystem::is_regular_file(path_ / name, failure)) return std::nullopt;
    auto file = File::open(path_ / name);
    const auto size = file->size();
    return Slice{std::move(file), 0, size};
  }

private:
  std::filesystem::path path_;
};

std::filesystem::path spool_directory(const base::Environment& environment) {
  const auto set = environment.non_empty("TMPDIR");
  return set && set->front() == '/' ? *set : "/var/tmp";
}

std::shared_ptr<const File> unnamed_file(const std::filesystem::path& directory) {
  int descriptor = ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    // Not every file system supports O_TMPFILE.
    auto name = (directory / "docker-snowflake-XXXXXX").string();
    descriptor = mkostemp(name.data(), O_CLOEXEC);
    if (descriptor >= 0) unlink(name.c_str());
  }
  if (descriptor >= 0) return std::make_shared<const File>(descriptor);
  throw Error(Kind::config, "cannot create a file in " + quoted(directory.string()) + ": " + reason(),
              "set TMPDIR to a directory with enough space");
}

constexpr const char* more_space = "free some space there, or set TMPDIR to a directory with more space";

Error disk_full(const std::filesystem::path& directory) {
  return {Kind::config, "cannot write to " + quoted(directory.string()) + ": " + reason(), more_space};
}

}  // namespace

std::string quoted(const std::string& text) { return "'" + base::printable(text, 200) + "'"; }

std::shared_ptr<const File> File::open(const std::filesystem::path& path) {
  // Opening a pipe would wait for its writer.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat status {};
  if (descriptor >= 0 && fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode))
    return std::make_shared<const File>(descriptor);
  const bool is_directory = descriptor >= 0 && S_ISDIR(status.st_mode);
  const auto shown = base::printable(path.string(), 200);
  std::string next = "check the path";
  if (is_directory) {
    next = "the directory of an OCI image layout is oci:" + shown +
           "; oci-archive: and docker-archive: take a file";
  } else if (descriptor >= 0 && S_ISFIFO(status.st_mode)) {
    next = "write - as the source, and < " + shown + " at the end";
  }
  const std::string why = descriptor < 0 ? reason()
                          : is_directory ? "it is a directory"
                                         : "it is not a regular file";
  if (descriptor >= 0) close(descriptor);
  throw Error(Kind::config, "cannot read " + quoted(path.string()) + ": " + why, next);
}

std::shared_ptr<const File> File::duplicate(int descriptor) {
  struct stat status {};
  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return nullptr;
  const int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  return copy < 0 ? nullptr : std::make_shared<const File>(copy);
}

File::~File() { close(descriptor_); }

std::uint64_t File::size() const {
  struct stat status {};
  if (fstat(descriptor_, &status) != 0) throw Error(Kind::config, "cannot read a file: " + reason());
  return static_cast<std::uint64_t>(status.st_size);
}

std::size_t Slice::read(std::uint64_t offset, char* buffer, std::size_t size) const {
  if (offset >= size_) return 0;
  size = static_cast<std::size_t>(std::min<std::uint64_t>(size, size_ - offset));
  std::size_t filled = 0;
  while (filled < size) {
    const auto count = pread(file_->descriptor(), buffer + filled, size - filled,
                             static_cast<off_t>(begin_ + offset + filled));
    if (count < 0 && errno == EINTR) continue;
    if (count > 0) {
      filled += static_cast<std::size_t>(count);
      continue;
    }
    throw Error(Kind::config,
                count == 0 ? "a file of the image was truncated while it was read"
                           : "cannot read a file of the image: " + reason(),
                "push again when nothing writes to it");
  }
  return size;
}

void Slice::for_each_piece(const std::function<void(std::string_view)>& function) const {
  constexpr std::size_t piece_size = 1U << 20;
  std::vector<char> buffer(piece_size);
  for (std::uint64_t offset = 0; offset < size_;) {
    const auto count = read(offset, buffer.data(), buffer.size());
    function({buffer.data(), count});
    offset += count;
  }
}

std::string Slice::text(std::size_t max_bytes) const {
  if (size_ > max_bytes) throw Error(Kind::config, "a file of the image is too large");
  std::string bytes(static_cast<std::size_t>(size_), '\0');
  read(0, bytes.data(), bytes.size());
  return bytes;
}

Spool::Spool(const base::Environment& environment, std::uint64_t expected)
    : directory_(spool_directory(environment)) {
  std::error_code failure;
  const auto space = std::filesystem::space(directory_, failure);
  if (!failure && space.available < expected) {
    throw Error(Kind::config,
                output::human_size(expected) + " are needed in " + quoted(directory_.string()) + ", and " +
                    output::human_size(space.available) + " are free",
                more_space);
  }
  file_ = unnamed_file(directory_);
}

void Spool::write(std::string_view bytes) {
  if (!write_all(file_->descriptor(), bytes)) throw disk_full(directory_);
}

PartFile::PartFile(std::filesystem::path target) : target_(std::move(target)) {
  const auto directory = target_.has_parent_path() ? target_.parent_path() : ".";
  int descriptor = -1;
  if (access(own_descriptors, X_OK) == 0)
    descriptor = ::open(directory.c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
  if (descriptor < 0) {
    path_ = other_name();
    descriptor = ::open(path_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
  }
  if (descriptor < 0) throw error(reason());
  file_ = std::make_unique<const File>(descriptor);
}

PartFile::~PartFile() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove(path_, ignored);
}

std::filesystem::path PartFile::other_name() const {
  return target_.string() + ".part-" + net::random_uuid();
}

void PartFile::write(std::string_view bytes) const {
  if (!write_all(descriptor(), bytes)) throw error(reason());
}

void PartFile::finish() {
  if (path_.empty()) {
    const auto name = other_name();
    const auto link = std::string{own_descriptors} + "/" + std::to_string(descriptor());
    if (linkat(AT_FDCWD, link.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) != 0) throw error(reason());
    path_ = name;
  }
  if (::rename(path_.c_str(), target_.c_str()) != 0) throw error(reason());
  path_.clear();
}

Error PartFile::error(const std::string& reason) const {
  return {Kind::config, "cannot write " + quoted(target_.string()) + (reason.empty() ? "" : ": ") + reason,
          "check the path, and that the disk is not full: df -h"};
}

std::unique_ptr<ImageFiles> files_of_directory(const std::filesystem::path& path) {
  return std::make_unique<DirectoryFiles>(path);
}

}  // namespace plugin::push
