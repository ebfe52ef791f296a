// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/environment.hpp"
#include "net/transfer.hpp"

namespace plugin::push {

/// A file that is open for reading, perhaps without a name.
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
  /// Throws `config` when the file became shorter, or cannot be read any more.
  std::size_t read(std::uint64_t offset, char* buffer, std::size_t size) const override;
  Slice part(std::uint64_t offset, std::uint64_t size) const { return {file_, begin_ + offset, size}; }
  /// Everything. Throws `config` when it has more than `most` bytes.
  std::string text(std::size_t most = 8U << 20) const;

private:
  std::shared_ptr<const File> file_;
  std::uint64_t begin_ = 0;
  std::uint64_t size_ = 0;
};

/// An unnamed file, for data that is too large for memory: it disappears with this process, however that
/// ends. It is created in `TMPDIR`, else in /var/tmp.
class Spool {
public:
  /// Throws `config` when less than `expected` bytes are free, before anything is written.
  Spool(const base::Environment&, std::uint64_t expected);

  /// Throws `config` when the disk is full.
  void write(std::string_view bytes);
  int descriptor() const noexcept { return file_->descriptor(); }
  /// What was written so far, also by others through the descriptor.
  Slice slice() const { return {file_, 0, file_->size()}; }
  std::shared_ptr<const File> file() const { return file_; }

private:
  std::filesystem::path directory_;
  std::shared_ptr<const File> file_;
};

/// The files of an image: a directory, or a tar file.
class Files {
public:
  virtual ~Files() = default;
  /// Absent when there is no such file. `name` is relative, with slashes.
  virtual std::optional<Slice> find(const std::string& name) const = 0;
  /// The name that the user gave, for error messages.
  const std::string& name() const noexcept { return name_; }

protected:
  explicit Files(std::string name) : name_(std::move(name)) {}

private:
  std::string name_;
};

/// Throws `config` when there is no such directory.
std::unique_ptr<Files> files_of_directory(const std::filesystem::path&);
/// A tar file; one that is compressed is spooled uncompressed. Throws `config` when it is not a tar file, or
/// is truncated.
std::unique_ptr<Files> files_of_tar(std::shared_ptr<const File>, const std::string& name,
                                    const base::Environment&);
/// The same for a pipe, which is spooled, or for a redirected file.
std::unique_ptr<Files> files_of_pipe(int descriptor, const std::string& name, const base::Environment&);

}  // namespace plugin::push
