// SPDX-License-Identifier: Apache-2.0
#include "docker_config/config_file.hpp"

#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/error.hpp"

namespace docker_config {
namespace {

using base::Error;
using base::Kind;

constexpr std::size_t largest = 64U << 20;
/// As many as the kernel follows (path_resolution(7)).
constexpr int max_links = 40;

std::filesystem::path end_of_links(std::filesystem::path path) {
  for (int link = 0; link < max_links; ++link) {
    std::error_code none;
    const auto next = std::filesystem::read_symlink(path, none);
    if (none) return path;
    path = next.is_absolute() ? next : path.parent_path() / next;
  }
  throw Error(Kind::config, path.string() + ": the links lead in a circle",
              "look at them: ls -l " + path.string());
}

/// For a file in a home folder: others have no business in there.
void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  if (folder.empty() || std::filesystem::is_directory(folder, error)) return;
  make_folder(folder.parent_path());
  if (std::filesystem::create_directory(folder, error))
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  const auto reason = error.message();
  if (!std::filesystem::is_directory(folder, error)) {
    throw Error(Kind::config, "cannot make the folder " + folder.string() + ": " + reason,
                "look at what is there: ls -ld " + folder.string() + " " + folder.parent_path().string());
  }
}

/// The folder that a new file would be written to, or the first one above that is there.
std::filesystem::path existing_folder(std::filesystem::path folder) {
  std::error_code ignored;
  while (folder.has_relative_path() && !std::filesystem::exists(folder, ignored))
    folder = folder.parent_path();
  return folder;
}

}  // namespace

ConfigFile ConfigFile::read(const std::filesystem::path& path) {
  ConfigFile file{path, end_of_links(path), std::nullopt};
  file.text = base::read_file(file.target, largest);
  if (const auto ownership = base::FileOwnership::of(file.target)) file.ownership = *ownership;
  return file;
}

void require_writable(const ConfigFile& file) {
  constexpr unsigned owner_writes = 0200;
  if (file.text && (file.ownership.mode & owner_writes) == 0) {
    throw Error(Kind::config, file.target.string() + " is write protected",
                "chmod u+w " + file.target.string() + ", or change it where it is made");
  }
  const auto folder = existing_folder(file.target.parent_path());
  if (access(folder.c_str(), W_OK) == 0) return;
  throw Error(Kind::config,
              "cannot write " + file.target.string() + ": " + folder.string() + ": " +
                  std::generic_category().message(errno),
              "make that folder writable: ls -ld " + folder.string());
}

bool replace(const ConfigFile& file, const std::string& text) {
  require_writable(file);
  // Where a link leads is not ours to furnish: it may be a disk that is not there today.
  if (file.target == file.path) make_folder(file.path.parent_path());
  return base::replace_file(file.target, text, file.ownership,
                            [&] { return base::read_file(file.target, largest) == file.text; });
}

bool remove(const ConfigFile& file) {
  require_writable(file);
  if (base::read_file(file.target, largest) != file.text) return false;
  if (unlink(file.target.c_str()) == 0) return true;
  throw Error(Kind::config, "cannot remove " + file.target.string(), "remove it yourself");
}

std::filesystem::path backup_of(const ConfigFile& file) {
  return file.target.string() + ".before-docker-snowflake";
}

}  // namespace docker_config
