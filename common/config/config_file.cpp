// SPDX-License-Identifier: Apache-2.0

#include "config/config_file.hpp"

#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

// clang-format off: the order of these lines matters.
#define TOML_HEADER_ONLY 1
// The library asserts on input that it rejects properly afterwards, such as a lone "[".
#define TOML_ASSERT(expression) static_cast<void>(0)
// Otherwise the library reads numbers with streams, which doubles the helper's start-up time.
#define TOML_FLOAT_CHARCONV 1
#include <toml++/impl/forward_declarations.h>
// Its Unicode tables call the gaps between letters unreachable, but input can contain them, such as U+FCFF.
#undef TOML_UNREACHABLE
#define TOML_UNREACHABLE return false
#include <toml++/impl/unicode.h>
#undef TOML_UNREACHABLE
#define TOML_UNREACHABLE __builtin_unreachable()
#include <toml++/toml.h>
// clang-format on

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace config {
namespace {

constexpr std::size_t max_bytes = 4U << 20;
constexpr int max_depth = 100;
constexpr std::size_t max_values = 100'000;

/// The end of the string that begins at `at`, which is one of the four kinds of TOML 1.0.
std::size_t string_end(std::string_view text, std::size_t at) {
  const std::string_view quote = text.substr(at, 1);
  const bool is_long = text.substr(at, 3) == std::string(3, quote.front());
  const std::size_t size = is_long ? 3 : 1;
  for (at += size; at < text.size(); ++at) {
    if (text[at] == '\\' && quote == "\"") {
      ++at;
    } else if (!is_long && text[at] == '\n') {
      return at;
    } else if (text.substr(at, size) == std::string(size, quote.front())) {
      return at + size - 1;
    }
  }
  return at;
}

/// Whether a text is small and flat enough for a recursive parser, in one pass before anything is built. A
/// dotted key has one level for each dot.
bool is_bounded(std::string_view text) {
  if (text.size() > max_bytes) return false;
  int depth = 0;
  int dots = 0;
  std::size_t values = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    switch (text[at]) {
      case '"':
      case '\'':
        at = string_end(text, at);
        break;
      case '#':
        at = std::min(text.find('\n', at), text.size());
        dots = 0;
        break;
      case '[':
      case '{':
        if (++depth > max_depth) return false;
        break;
      case ']':
      case '}':
        --depth;
        break;
      case '.':
        if (++dots > max_depth) return false;
        break;
      case '=':
      case ',':
        ++values;
        dots = 0;
        break;
      case '\n':
        dots = 0;
        break;
      default:
        break;
    }
  }
  return values <= max_values;
}

std::string padded(std::uint32_t number, std::size_t width) {
  const std::string digits = std::to_string(number);
  return std::string(width - std::min(width, digits.size()), '0') + digits;
}

std::string text_of(const toml::date& date) {
  return padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2);
}

std::string text_of(const toml::time& time) {
  const std::string seconds =
      padded(time.hour, 2) + ":" + padded(time.minute, 2) + ":" + padded(time.second, 2);
  return time.nanosecond == 0 ? seconds : seconds + "." + padded(time.nanosecond, 9);
}

std::string text_of(const toml::date_time& moment) {
  const std::string local = text_of(moment.date) + "T" + text_of(moment.time);
  if (!moment.offset) return local;
  const int minutes = moment.offset->minutes;
  const auto distance = static_cast<std::uint32_t>(std::abs(minutes));
  return local + (minutes < 0 ? "-" : "+") + padded(distance / 60, 2) + ":" + padded(distance % 60, 2);
}

/// JSON has neither dates nor infinite numbers: these are strings.
base::Json to_json(const toml::node& node) {
  base::Json json;
  node.visit([&](const auto& value) {
    using Node = std::remove_cvref_t<decltype(value)>;
    if constexpr (toml::is_table<Node>) {
      json = base::Json::object();
      for (const auto& [key, member] : value) json[std::string{key.str()}] = to_json(member);
    } else if constexpr (toml::is_array<Node>) {
      json = base::Json::array();
      for (const toml::node& member : value) json.push_back(to_json(member));
    } else if constexpr (toml::is_floating_point<Node>) {
      if (std::isfinite(value.get()))
        json = value.get();
      else
        json = std::isnan(value.get()) ? "nan" : value.get() < 0 ? "-inf" : "inf";
    } else if constexpr (toml::is_date<Node> || toml::is_time<Node> || toml::is_date_time<Node>) {
      json = text_of(value.get());
    } else {
      json = value.get();
    }
  });
  return json;
}

TomlValue::Type type_of(const toml::node& node) {
  using Type = TomlValue::Type;
  if (node.is_table()) return Type::table;
  if (node.is_string()) return Type::text;
  if (node.is_boolean()) return Type::boolean;
  return node.is_integer() ? Type::number : Type::other;
}

TomlValue to_value(const toml::node& node) {
  const base::Json json = to_json(node);
  TomlValue value{type_of(node),
                  base::Secret{json.is_string() ? json.get<std::string>() : base::dump_json(json)},
                  {},
                  false,
                  node.source().begin.line};
  if (const auto* table = node.as_table()) {
    value.is_inline_table = table->is_inline();
    for (const auto& [key, member] : *table)
      value.members.push_back({std::string{key.str()}, to_value(member)});
    // The library sorts by name; users and the Snowflake CLI expect the order of the file.
    std::ranges::stable_sort(value.members, {}, [](const auto& member) { return member.value.line; });
  }
  return value;
}

constexpr mode_t others_write = 022;
constexpr mode_t others_read = 044;

/// False where chmod(2) does not work: another owner, a read-only mount, a file system without permissions
/// (Windows drives in WSL, network shares, USB sticks).
bool can_change_mode(const std::filesystem::path& file, const base::FileStatus& status) {
  if (status.owner != geteuid() && geteuid() != 0) return false;
  struct statfs system {};
  if (statfs(file.c_str(), &system) != 0) return true;
  // statfs(2): V9FS (WSL), MSDOS, EXFAT, NTFS, CIFS, SMB2, SMB.
  constexpr std::array without_modes = {0x01021997U, 0x4d44U,     0x2011bab0U, 0x5346544eU,
                                        0xff534d42U, 0xfe534d42U, 0x517bU};
  const auto type = static_cast<unsigned>(system.f_type);
  return (static_cast<unsigned long>(system.f_flags) & ST_RDONLY) == 0 &&
         std::ranges::find(without_modes, type) == without_modes.end();
}

/// Whether a file may belong to another program and must stay readable for other users, such as /etc/passwd.
bool may_be_of_another_program(const std::filesystem::path& file) { return file.extension() != ".toml"; }

/// What to do about permissions that are too open.
std::string advice(const std::filesystem::path& file, const base::FileStatus& status) {
  const std::string name = "\"" + file.string() + "\"";
  if (may_be_of_another_program(file)) {
    return "check that this is a configuration file of the Snowflake CLI, and use a copy that only you can "
           "read: install -m 0600 " +
           name + " config.toml";
  }
  if (can_change_mode(file, status)) return "chmod 0600 " + name;
  const std::string copy =
      "the mode cannot be changed there: copy the file to your home directory, chmod 0600 the copy and use "
      "that";
  if ((status.mode & others_write) != 0) return copy;
  return copy + ", or set SF_SKIP_TOKEN_FILE_PERMISSIONS_VERIFICATION=true";
}

[[noreturn]] void refuse(const std::filesystem::path& file, const base::FileStatus& status) {
  const bool can_be_changed = !may_be_of_another_program(file) && can_change_mode(file, status);
  throw WidePermissions{file, can_be_changed, advice(file, status)};
}

bool skips_check(const base::Environment& environment) {
  for (const char* name :
       {"SF_SKIP_TOKEN_FILE_PERMISSIONS_VERIFICATION", "SKIP_TOKEN_FILE_PERMISSIONS_VERIFICATION"}) {
    // The first one that is set wins.
    if (const auto value = environment.get(name))
      return *value == "1" || base::equals_ignoring_case(*value, "true");
  }
  return false;
}

/// For the most frequent mistakes. The text may be a password, so it is not quoted.
std::string next_step_for(std::string_view text, unsigned line_number) {
  const auto lines = base::split(text, '\n');
  const std::string_view line = line_number >= 1 && line_number <= lines.size()
                                    ? base::trim(lines[line_number - 1])
                                    : std::string_view{};
  const auto has = [&](std::string_view part) { return line.find(part) != std::string_view::npos; };
  if (text.find('\0') != std::string_view::npos)
    return "the file contains NUL bytes: save it as text in UTF-8";
  for (const std::string_view mark : {"<<<<<<<", "=======", ">>>>>>>"}) {
    if (line.starts_with(mark)) return "resolve the merge conflict in that file";
  }
  if (has("\u201C") || has("\u201D") || has("\u2018") || has("\u2019"))
    return "replace the typographic quotes in that line with plain ones: \"";
  if (has("\"") && has("\\")) return "write each backslash in \"...\" twice, or the whole text in '...'";
  if (line.starts_with('{')) return "this is JSON: write a table as [name], and its keys as name = \"value\"";
  if (line.starts_with("export ")) return "this is a shell command: write name = \"value\"";
  if (!has("=") && has(":")) return "this is YAML: write a table as [name], and its keys as name = \"value\"";
  return "look at that line: strings need quotes, a key may occur only once, a table is [name]";
}

}  // namespace

const TomlValue* TomlValue::find(std::string_view key) const {
  const auto found = std::ranges::find(members, key, &TomlMember::key);
  return found == members.end() ? nullptr : &found->value;
}

TomlValue parse_toml(std::string_view text, const std::string& name) {
  // The byte order mark that some editors on Windows add.
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  if (!is_bounded(text)) {
    throw base::Error(base::Kind::config,
                      name + " is nested too deeply, or too large, for a configuration file",
                      "check that this is the right file");
  }
  try {
    return to_value(toml::parse(text));
  } catch (const toml::parse_error& error) {
    // The library's own message may quote the text, which may be a password.
    const auto& position = error.source().begin;
    throw ConfigFileError(name + ":" + std::to_string(position.line) + ":" + std::to_string(position.column),
                          "this is not valid TOML", next_step_for(text, position.line));
  }
}

std::optional<TomlValue> read_toml(const std::filesystem::path& file, const base::ReadOptions& options) {
  const auto text = base::read_text_file(file, options);
  if (!text) return std::nullopt;
  return parse_toml(*text, file.string());
}

base::ReadOptions secret_file_options(const std::filesystem::path& file, const base::Environment& environment,
                                      std::vector<std::string>& warnings) {
  const auto check = [&](const base::FileStatus& status) {
    if ((status.mode & others_write) != 0) refuse(file, status);
    if ((status.mode & others_read) == 0) return;
    if (!skips_check(environment)) refuse(file, status);
    warnings.push_back("others may read " + file.string() + ": " + advice(file, status));
  };
  return {.must_be_own = true, .check = check, .unreachable = &warnings};
}

base::ReadOptions trusted_file_options(const std::filesystem::path& file) {
  const auto check = [&](const base::FileStatus& status) {
    if ((status.mode & others_write) != 0) refuse(file, status);
  };
  return {.must_be_own = true, .check = check};
}

}  // namespace config
