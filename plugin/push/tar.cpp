// SPDX-License-Identifier: Apache-2.0
#include <archive.h>
#include <archive_entry.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <vector>

#include "base/error.hpp"
#include "base/interruption.hpp"
#include "base/shared_library.hpp"
#include "base/text.hpp"
#include "push/files.hpp"

namespace plugin::push {
namespace {

using base::Error;
using base::Kind;

constexpr std::size_t block_size = 1U << 20;
constexpr int max_links = 10;

/// The functions of libarchive in use, opened with the first tar file.
struct LibArchive {
  base::SharedLibrary library{"libarchive.so.13", "libarchive13"};
  decltype(&::archive_read_new) read_new = library["archive_read_new"];
  decltype(&::archive_read_free) read_free = library["archive_read_free"];
  decltype(&::archive_read_support_format_tar) support_tar = library["archive_read_support_format_tar"];
  decltype(&::archive_read_support_format_raw) support_raw = library["archive_read_support_format_raw"];
  decltype(&::archive_read_support_filter_gzip) support_gzip = library["archive_read_support_filter_gzip"];
  decltype(&::archive_read_support_filter_bzip2) support_bzip2 = library["archive_read_support_filter_bzip2"];
  decltype(&::archive_read_support_filter_xz) support_xz = library["archive_read_support_filter_xz"];
  decltype(&::archive_read_support_filter_zstd) support_zstd = library["archive_read_support_filter_zstd"];
  decltype(&::archive_read_open_fd) open_fd = library["archive_read_open_fd"];
  decltype(&::archive_read_next_header) next_header = library["archive_read_next_header"];
  decltype(&::archive_read_data) read_data = library["archive_read_data"];
  decltype(&::archive_filter_bytes) filter_bytes = library["archive_filter_bytes"];
  decltype(&::archive_filter_count) filter_count = library["archive_filter_count"];
  decltype(&::archive_error_string) error_string = library["archive_error_string"];
  decltype(&::archive_entry_pathname) entry_pathname = library["archive_entry_pathname"];
  decltype(&::archive_entry_size) entry_size = library["archive_entry_size"];
  decltype(&::archive_entry_filetype) entry_filetype = library["archive_entry_filetype"];
  decltype(&::archive_entry_symlink) entry_symlink = library["archive_entry_symlink"];
  decltype(&::archive_entry_hardlink) entry_hardlink = library["archive_entry_hardlink"];
  decltype(&::archive_write_new) write_new = library["archive_write_new"];
  decltype(&::archive_write_free) write_free = library["archive_write_free"];
  decltype(&::archive_write_set_format_pax_restricted) set_format =
      library["archive_write_set_format_pax_restricted"];
  decltype(&::archive_write_open_fd) write_open_fd = library["archive_write_open_fd"];
  decltype(&::archive_write_header) write_header = library["archive_write_header"];
  decltype(&::archive_write_data) write_data = library["archive_write_data"];
  decltype(&::archive_write_close) write_close = library["archive_write_close"];
  decltype(&::archive_entry_new) entry_new = library["archive_entry_new"];
  decltype(&::archive_entry_free) entry_free = library["archive_entry_free"];
  decltype(&::archive_entry_set_pathname) set_pathname = library["archive_entry_set_pathname"];
  decltype(&::archive_entry_set_size) set_size = library["archive_entry_set_size"];
  decltype(&::archive_entry_set_filetype) set_filetype = library["archive_entry_set_filetype"];
  decltype(&::archive_entry_set_perm) set_perm = library["archive_entry_set_perm"];
};

const LibArchive& libarchive() {
  static const LibArchive library;
  return library;
}

using Archive = std::unique_ptr<archive, decltype(&::archive_read_free)>;

Archive new_archive() {
  Archive result{libarchive().read_new(), libarchive().read_free};
  if (!result) throw Error(Kind::internal, "libarchive is out of memory");
  return result;
}

Error unreadable(const std::string& name, archive* from) {
  const char* reason = libarchive().error_string(from);
  return {Kind::config,
          quoted(name) + " cannot be read as a tar file: " +
              base::printable(reason == nullptr ? "unknown reason" : reason, 200),
          "create it with 'docker image save', skopeo or buildx; create a truncated file again"};
}

/// A path in a tar file without `.`, `..` and empty parts; empty if it leads out of the archive.
std::string normalized(const std::string& path) {
  std::vector<std::string> parts;
  for (auto& part : base::split(path, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      if (parts.empty()) return {};
      parts.pop_back();
    } else {
      parts.push_back(std::move(part));
    }
  }
  return base::join(parts, "/");
}

class TarFiles final : public ImageFiles {
public:
  TarFiles(std::shared_ptr<const File> file, const std::string& name)
      : ImageFiles(name), file_(std::move(file)) {
    const auto archive = new_archive();
    libarchive().support_tar(archive.get());
    if (lseek(file_->descriptor(), 0, SEEK_SET) != 0 ||
        libarchive().open_fd(archive.get(), file_->descriptor(), block_size) != ARCHIVE_OK) {
      throw unreadable(name, archive.get());
    }
    for (archive_entry* entry = nullptr;;) {
      base::throw_if_interrupted();
      const int result = libarchive().next_header(archive.get(), &entry);
      if (result == ARCHIVE_EOF) return;
      if (result != ARCHIVE_OK && result != ARCHIVE_WARN) throw unreadable(name, archive.get());
      add(entry, static_cast<std::uint64_t>(libarchive().filter_bytes(archive.get(), 0)));
    }
  }

  std::optional<Slice> find(const std::string& name) const override {
    auto wanted = normalized(name);
    for (int links = 0; links < max_links; ++links) {
      if (const auto found = members_.find(wanted); found != members_.end()) return found->second;
      const auto link = links_.find(wanted);
      if (link == links_.end()) break;
      wanted = link->second;
    }
    return std::nullopt;
  }

private:
  void add(archive_entry* entry, std::uint64_t begin) {
    const char* pathname = libarchive().entry_pathname(entry);
    const auto path = normalized(pathname == nullptr ? "" : pathname);
    if (path.empty()) return;
    const auto type = libarchive().entry_filetype(entry);
    if (const char* target = libarchive().entry_hardlink(entry)) {
      links_[path] = normalized(target);
    } else if (const char* symbolic = libarchive().entry_symlink(entry); type == AE_IFLNK && symbolic) {
      const auto slash = path.rfind('/');
      links_[path] = normalized((slash == std::string::npos ? "" : path.substr(0, slash + 1)) + symbolic);
    } else if (type == AE_IFREG) {
      members_.insert_or_assign(
          path, Slice{file_, begin, static_cast<std::uint64_t>(libarchive().entry_size(entry))});
    }
  }

  std::shared_ptr<const File> file_;
  std::map<std::string, Slice> members_;
  std::map<std::string, std::string> links_;
};

Archive open_through_filters(int descriptor, const std::string& name) {
  auto archive = new_archive();
  // Not all filters: some run other programs.
  libarchive().support_gzip(archive.get());
  libarchive().support_bzip2(archive.get());
  libarchive().support_xz(archive.get());
  libarchive().support_zstd(archive.get());
  libarchive().support_raw(archive.get());
  archive_entry* entry = nullptr;
  if (libarchive().open_fd(archive.get(), descriptor, block_size) != ARCHIVE_OK ||
      libarchive().next_header(archive.get(), &entry) != ARCHIVE_OK) {
    constexpr int outermost = -1;
    if (libarchive().filter_bytes(archive.get(), outermost) == 0)
      throw Error(Kind::config, quoted(name) + " is empty", "check the command that writes it");
    throw unreadable(name, archive.get());
  }
  return archive;
}

std::shared_ptr<const File> spooled(archive* from, const std::string& name, std::uint64_t expected,
                                    const base::Environment& environment) {
  Spool spool{environment, expected};
  std::vector<char> buffer(block_size);
  for (;;) {
    base::throw_if_interrupted();
    const auto count = libarchive().read_data(from, buffer.data(), buffer.size());
    if (count < 0) throw unreadable(name, from);
    if (count == 0) return spool.file();
    spool.write({buffer.data(), static_cast<std::size_t>(count)});
  }
}

}  // namespace

std::unique_ptr<ImageFiles> files_of_tar(std::shared_ptr<const File> file, const std::string& name,
                                         const base::Environment& environment) {
  {
    // The position of a spool file that was just written is at its end.
    lseek(file->descriptor(), 0, SEEK_SET);
    const auto archive = open_through_filters(file->descriptor(), name);
    // The last filter is the file itself.
    if (libarchive().filter_count(archive.get()) > 1)
      file = spooled(archive.get(), name, file->size(), environment);
  }
  return std::make_unique<TarFiles>(std::move(file), name);
}

std::unique_ptr<ImageFiles> files_of_pipe(int descriptor, const std::string& name,
                                          const base::Environment& environment) {
  // A redirected file can be read again, so it need not be copied.
  if (auto file = File::duplicate(descriptor)) return files_of_tar(std::move(file), name, environment);
  const auto archive = open_through_filters(descriptor, name);
  return std::make_unique<TarFiles>(spooled(archive.get(), name, 0, environment), name);
}

void write_tar(const std::filesystem::path& directory, const std::filesystem::path& file) {
  const auto& library = libarchive();
  PartFile part{file};
  const std::unique_ptr<archive, decltype(&::archive_write_free)> tar{library.write_new(),
                                                                      library.write_free};
  const auto require = [&](bool is_good) {
    if (is_good) return;
    const char* reason = tar ? library.error_string(tar.get()) : nullptr;
    throw part.error(base::printable(reason == nullptr ? "out of memory" : reason, 200));
  };
  require(tar && library.set_format(tar.get()) == ARCHIVE_OK &&
          library.write_open_fd(tar.get(), part.descriptor()) == ARCHIVE_OK);
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator{directory}) {
    if (entry.is_regular_file()) paths.push_back(entry.path());
  }
  std::ranges::sort(paths);
  constexpr unsigned mode_of_members = 0644;
  for (const auto& path : paths) {
    const auto source = File::open(path);
    const Slice bytes{source, 0, source->size()};
    const std::unique_ptr<archive_entry, decltype(&::archive_entry_free)> entry{library.entry_new(),
                                                                                library.entry_free};
    require(entry != nullptr);
    library.set_pathname(entry.get(), path.lexically_relative(directory).c_str());
    library.set_size(entry.get(), static_cast<std::int64_t>(bytes.size()));
    library.set_filetype(entry.get(), AE_IFREG);
    library.set_perm(entry.get(), mode_of_members);
    require(library.write_header(tar.get(), entry.get()) == ARCHIVE_OK);
    bytes.for_each_piece([&](std::string_view piece) {
      require(library.write_data(tar.get(), piece.data(), piece.size()) ==
              static_cast<la_ssize_t>(piece.size()));
    });
  }
  require(library.write_close(tar.get()) == ARCHIVE_OK);
  part.finish();
}

}  // namespace plugin::push
