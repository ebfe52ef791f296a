// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/environment.hpp"
#include "base/error.hpp"
#include "net/http.hpp"

namespace plugin::push {

/// Foreign text in quotes, for a message (`base::printable`).
std::string quoted(const std::string& text);

/// A file that is open for reading; it may have no name.
class File {
public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  /// Throws `config` when it cannot be read.
  static std::shared_ptr<const File> open(const std::filesystem::path&);
  /// The regular file behind a descriptor that stays open; null when it is a pipe or a terminal.
  static std::shared_ptr<const File> duplicate(int descriptor);
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File();

  int descriptor() const noexcept { return descriptor_; }
  std::uint64_t size() const;

private:
  int descriptor_;
};

/// A part of a file, to be read at any offset.
class Slice final : public net::BodySource {
public:
  Slice() = default;
  Slice(std::shared_ptr<const File> file, std::uint64_t begin, std::uint64_t size)
      : file_(std::move(file)), begin_(begin), size_(size) {}

  std::uint64_t size() const override { return size_; }
  /// Throws `config` when the file was truncated, or cannot be read any more.
  std::size_t read(std::uint64_t offset, char* buffer, std::size_t size) const override;
  Slice part(std::uint64_t offset, std::uint64_t size) const { return {file_, begin_ + offset, size}; }
  /// Calls `function` with all bytes, in pieces of 1 MiB. Throws like `read`.
  void for_each_piece(const std::function<void(std::string_view)>& function) const;
  /// All bytes. Throws `config` when there are more than `max_bytes`.
  std::string text(std::size_t max_bytes = 8U << 20) const;

private:
  std::shared_ptr<const File> file_;
  std::uint64_t begin_ = 0;
  std::uint64_t size_ = 0;
};

/// A file without a name, for data that is too large for memory: it disappears with this process, however
/// that ends. It is created in `TMPDIR`, else in /var/tmp.
class Spool {
public:
  /// Throws `config` when less than `expected` bytes are free, before anything is written.
  Spool(const base::Environment&, std::uint64_t expected);

  /// Throws `config` when the disk is full.
  void write(std::string_view bytes);
  int descriptor() const noexcept { return file_->descriptor(); }
  /// What was written so far, also by child processes through the descriptor.
  Slice slice() const { return {file_, 0, file_->size()}; }
  std::shared_ptr<const File> file() const { return file_; }

private:
  std::filesystem::path directory_;
  std::shared_ptr<const File> file_;
};

/// A new file while it is written. Where the file system supports that, it has no name until `finish`, so
/// that a killed process leaves nothing behind; otherwise it is removed with this object.
class PartFile {
public:
  /// Throws `config` when it cannot be created.
  explicit PartFile(std::filesystem::path target);
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;
  ~PartFile();

  int descriptor() const noexcept { return file_->descriptor(); }
  /// Throws `config`.
  void write(std::string_view bytes) const;
  /// Gives the file its name, and replaces another one. Throws `config`.
  void finish();
  /// The error of a file that cannot be written; `reason` may be empty.
  base::Error error(const std::string& reason = {}) const;

private:
  /// A name beside `target_` that no other process uses.
  std::filesystem::path other_name() const;

  std::filesystem::path target_;
  std::filesystem::path path_;  ///< empty while the file has no name
  std::unique_ptr<const File> file_;
};

/// The files of an image, from a directory or a tar file.
class ImageFiles {
public:
  virtual ~ImageFiles() = default;
  /// Absent when there is no such file. `name` is relative, with slashes.
  virtual std::optional<Slice> find(const std::string& name) const = 0;
  /// The name that the user gave, for error messages.
  const std::string& name() const noexcept { return name_; }

protected:
  explicit ImageFiles(std::string name) : name_(std::move(name)) {}

private:
  std::string name_;
};

/// Throws `config` when there is no such directory.
std::unique_ptr<ImageFiles> files_of_directory(const std::filesystem::path&);
/// Throws `config` when it is not a tar file, or is truncated. A compressed file is spooled uncompressed.
std::unique_ptr<ImageFiles> files_of_tar(std::shared_ptr<const File>, const std::string& name,
                                         const base::Environment&);
/// The same for a pipe, which is spooled, or a redirected file.
std::unique_ptr<ImageFiles> files_of_pipe(int descriptor, const std::string& name, const base::Environment&);

/// Writes the files of a directory as a tar file, sorted and without times. Throws `config`; then there is no
/// such file.
void write_tar(const std::filesystem::path& directory, const std::filesystem::path& file);

}  // namespace plugin::push
