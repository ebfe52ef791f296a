// SPDX-License-Identifier: Apache-2.0
#include "token/stores/keyctl.hpp"

#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>

#include "base/error.hpp"
#include "base/text.hpp"
#include "token/token_store.hpp"

namespace token::keyctl {
namespace {

using Serial = std::int32_t;

constexpr const char* key_type = "user";
/// KEY_POS_ALL and KEY_USR_ALL of the kernel's keys.h; nothing for group and others.
constexpr std::uint32_t only_this_user = 0x3f3f0000;
/// Enough for Snowflake's tokens; a longer payload takes a second call.
constexpr std::size_t default_payload = 4096;
constexpr std::size_t max_payload = 32767;

template <typename... Arguments>
long control(int operation, Arguments... arguments) {
  return syscall(SYS_keyctl, operation, arguments...);
}

bool is_absence(int error) { return error == ENOKEY || error == EKEYEXPIRED || error == EKEYREVOKED; }

[[noreturn]] void fail(int error) {
  using base::Error;
  using base::Kind;
  switch (error) {
    case EDQUOT:
      throw Error(Kind::keyring, "the kernel keyring of this user is full",
                  "see /proc/key-users; docker snowflake logout removes this program's keys");
    case ENOSYS:
    case EPERM:
    case EACCES:
      throw StoreMissing("the kernel does not let this process use keyrings (" +
                             std::generic_category().message(error) + ")",
                         "container runtimes forbid it by default; elsewhere see keyctl show @u");
    default:
      throw Error(Kind::keyring, "the kernel keyring failed: " + std::generic_category().message(error));
  }
}

std::optional<Serial> find(const std::string& description) {
  const long found = control(KEYCTL_SEARCH, KEY_SPEC_USER_KEYRING, key_type, description.c_str(), 0);
  if (found >= 0) return static_cast<Serial>(found);
  if (is_absence(errno)) return std::nullopt;
  fail(errno);
}

}  // namespace

std::optional<base::Secret> read(const std::string& description) {
  const auto key = find(description);
  if (!key) return std::nullopt;
  std::array<char, default_payload>
      buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): the kernel fills it
  long size = control(KEYCTL_READ, *key, buffer.data(), buffer.size());
  if (size >= 0 && static_cast<std::size_t>(size) <= buffer.size()) {
    base::Secret secret{{buffer.data(), static_cast<std::size_t>(size)}};
    explicit_bzero(buffer.data(), static_cast<std::size_t>(size));
    return secret;
  }
  std::string large(max_payload, '\0');
  if (size >= 0) size = control(KEYCTL_READ, *key, large.data(), large.size());
  if (size < 0) {
    // It may have expired between the two calls.
    if (is_absence(errno)) return std::nullopt;
    fail(errno);
  }
  base::Secret secret{std::string_view{large}.substr(0, static_cast<std::size_t>(size))};
  explicit_bzero(large.data(), large.size());
  return secret;
}

void put(const std::string& description, const base::Secret& payload, std::uint32_t timeout) {
  const auto bytes = payload.reveal();
  if (bytes.size() > max_payload) {
    throw base::Error(base::Kind::keyring, "the secret is too long for the kernel keyring");
  }
  // Only a possessor may set the permissions of a key, and a process may not possess the keys in the user
  // keyring. So the key is created in this thread's keyring first; linking it into the user keyring then
  // replaces the old key atomically.
  const long key = syscall(SYS_add_key, key_type, description.c_str(), bytes.data(), bytes.size(),
                           KEY_SPEC_THREAD_KEYRING);
  if (key < 0) fail(errno);
  const bool done = control(KEYCTL_SETPERM, key, only_this_user) == 0 &&
                    control(KEYCTL_SET_TIMEOUT, key, timeout) == 0 &&
                    control(KEYCTL_LINK, key, KEY_SPEC_USER_KEYRING) == 0;
  const int error = errno;
  control(KEYCTL_UNLINK, key, KEY_SPEC_THREAD_KEYRING);
  if (!done) fail(error);
}

bool remove(const std::string& description) {
  const auto key = find(description);
  if (!key) return false;
  if (control(KEYCTL_UNLINK, *key, KEY_SPEC_USER_KEYRING) != 0 && !is_absence(errno) && errno != ENOENT)
    fail(errno);
  return true;
}

std::vector<std::string> list(const std::string& prefix) {
  std::vector<Serial> keys(4096);
  const long size = control(KEYCTL_READ, KEY_SPEC_USER_KEYRING, keys.data(), keys.size() * sizeof(Serial));
  if (size < 0) fail(errno);
  keys.resize(std::min(keys.size(), static_cast<std::size_t>(size) / sizeof(Serial)));
  std::vector<std::string> descriptions;
  for (const Serial key : keys) {
    std::array<char, 8192> text{};
    if (control(KEYCTL_DESCRIBE, key, text.data(), text.size() - 1) < 0) continue;
    // "type;uid;gid;permissions;description"; the description may contain semicolons.
    std::string_view rest{text.data()};
    if (!rest.starts_with("user;")) continue;
    for (int field = 0; field < 4; ++field) rest.remove_prefix(std::min(rest.find(';'), rest.size() - 1) + 1);
    if (rest.starts_with(prefix)) descriptions.emplace_back(rest);
  }
  return descriptions;
}

}  // namespace token::keyctl
