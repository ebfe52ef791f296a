// SPDX-License-Identifier: Apache-2.0
#include "kubelet_undo_record.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

namespace helper {
namespace {

namespace fs = std::filesystem;

void remove_empty_directories(fs::path directory, const fs::path& outermost) {
  if (outermost.empty()) return;
  for (;; directory = directory.parent_path()) {
    std::error_code error;
    if (!fs::remove(directory, error) && error) return;
    if (directory == outermost || directory == directory.parent_path()) return;
  }
}

/// Creates missing directories, and returns the outermost of them; empty when all existed.
fs::path make_directories(const fs::path& directory) {
  fs::path outermost;
  for (auto missing = directory; !missing.empty() && !fs::exists(missing); missing = missing.parent_path())
    outermost = missing;
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) {
    remove_empty_directories(directory, outermost);
    throw base::Error(base::Kind::config,
                      "cannot create the directory " + directory.string() + ": " + error.message());
  }
  return outermost;
}

}  // namespace

FileRecord FileRecord::of(const fs::path& path, const std::string& content) {
  FileRecord record;
  record.made_directory = make_directories(path.parent_path());
  if (const auto ownership = base::FileOwnership::of(path)) {
    record.existed = true;
    record.ownership = *ownership;
  }
  record.after = {fingerprint(content)};
  return record;
}

FileRecord FileRecord::from_json(const base::Json& json) {
  const auto number = [&](const char* key) { return base::whole_number_at(json, key).value_or(0); };
  const auto& existed = base::member(json, "existed");
  FileRecord record{existed.is_boolean() && existed.get<bool>(),
                    {static_cast<unsigned>(number("mode")), static_cast<uid_t>(number("user")),
                     static_cast<gid_t>(number("group"))},
                    {},
                    base::text_at(json, "made_directory").value_or("")};
  for (const auto& one : base::member(json, "after")) {
    if (one.is_string()) record.after.push_back(one.get<std::string>());
  }
  return record;
}

base::Json FileRecord::to_json() const {
  return {{"existed", existed},       {"mode", ownership.mode}, {"user", ownership.user},
          {"group", ownership.group}, {"after", after},         {"made_directory", made_directory.string()}};
}

bool FileRecord::was_replaced_by(const std::string& content) const {
  return std::ranges::find(after, fingerprint(content)) != after.end();
}

FileRecord FileRecord::with_made_directory_of(const std::optional<FileRecord>& earlier) const {
  auto record = *this;
  if (made_directory.empty() && earlier) record.made_directory = earlier->made_directory;
  return record;
}

void FileRecord::remove_made_directories(const fs::path& path) const {
  remove_empty_directories(path.parent_path(), made_directory);
}

UndoRecord UndoRecord::read(const fs::path& file) {
  const auto json = base::parse_json(base::read_file(file).value_or(""));
  if (!json) return {};
  const auto part = [&](const char* name) {
    const auto& value = base::member(*json, name);
    return value.is_object() ? std::optional{FileRecord::from_json(value)} : std::nullopt;
  };
  return {part("config"), part("program"), base::member(*json, "needs_restart") == true};
}

void UndoRecord::write(const fs::path& file) const {
  base::Json json = {{"needs_restart", needs_restart}};
  if (config) json["config"] = config->to_json();
  if (program) json["program"] = program->to_json();
  base::write_file(file, json.dump(2) + '\n', 0600);
}

std::string fingerprint(const std::string& content) { return base::Fingerprint{}.add(content).hex(); }

}  // namespace helper
