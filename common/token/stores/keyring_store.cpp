// SPDX-License-Identifier: Apache-2.0
#include "token/stores/keyring_store.hpp"

#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <system_error>

#include "base/error.hpp"
#include "base/text.hpp"

namespace token {
namespace {

// Operations of keyctl(2), as system calls without libkeyutils: loading that library takes longer than
// looking up a key. All throw `keyring` when the kernel refuses; a key that is missing, expired or revoked is
// absent.

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
                  {"see /proc/key-users; docker snowflake logout removes this program's keys",
                   base::Needs::nothing, "see /proc/key-users"});
    case ENOSYS:
    case EPERM:
    case EACCES:
      throw StoreMissing("the kernel does not let this process use keyrings (" +
                             std::generic_category().message(error) + ")",
                         "container runtimes forbid it by default; elsewhere see keyctl show @u");
    default:
      throw Error(Kind::keyring, "the kernel keyring failed: " + std::generic_category().message(error),
                  "try again; keyctl show @u and dmesg may say more");
  }
}

std::optional<Serial> find_key(const std::string& description) {
  const long found = control(KEYCTL_SEARCH, KEY_SPEC_USER_KEYRING, key_type, description.c_str(), 0);
  if (found >= 0) return static_cast<Serial>(found);
  if (is_absence(errno)) return std::nullopt;
  fail(errno);
}

std::optional<base::Secret> read_key(const std::string& description) {
  const auto key = find_key(description);
  if (!key) return std::nullopt;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): the kernel fills it
  std::array<char, default_payload> buffer;
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

/// Adds a key, or replaces the one with this description atomically. It expires after `timeout` seconds.
/// Every process of this user can read it, also one whose session keyring does not link to the user keyring,
/// so that it does not "possess" the key (sudo, cron, some SSH servers). Other users have no access.
void put_key(const std::string& description, const base::Secret& payload, std::uint32_t timeout) {
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

/// False when there was no such key.
bool remove_key(const std::string& description) {
  const auto key = find_key(description);
  if (!key) return false;
  if (control(KEYCTL_UNLINK, *key, KEY_SPEC_USER_KEYRING) != 0 && !is_absence(errno) && errno != ENOENT)
    fail(errno);
  return true;
}

/// The descriptions that begin with `prefix` of all keys of type "user".
std::vector<std::string> list_keys(const std::string& prefix) {
  std::vector<Serial> keys(4096);
  const long size = control(KEYCTL_READ, KEY_SPEC_USER_KEYRING, keys.data(), keys.size() * sizeof(Serial));
  if (size < 0) {
    // The user keyring itself was revoked.
    if (is_absence(errno)) return {};
    fail(errno);
  }
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

constexpr std::string_view prefix = "docker-credential-snowflake:";
constexpr std::chrono::seconds max_time = std::chrono::hours{24 * 30};

void append_field(std::string& description, std::string_view field) {
  for (const char c : field) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= ' ' || c == ':' || c == '%' || byte == 0x7f) {
      description += '%' + base::to_upper(base::to_hex({&c, 1}));
    } else {
      description += c;
    }
  }
}

std::string description_of(const StoreKey& key) {
  std::string description{prefix};
  append_field(description, key.kind);
  for (const auto* field : {&key.host, &key.user, &key.detail}) append_field(description += ':', *field);
  return description;
}

/// Absent for what this program has not written.
std::optional<StoreKey> key_of(std::string_view description) {
  std::vector<std::string> fields;
  for (const auto& field : base::split(description.substr(prefix.size()), ':')) {
    auto text = base::percent_decoded(field);
    if (!text) return std::nullopt;
    fields.push_back(std::move(*text));
  }
  if (fields.size() != 4) return std::nullopt;
  return StoreKey{fields[0], fields[1], fields[2], fields[3]};
}

}  // namespace

std::optional<base::Secret> KeyringStore::load(const StoreKey& key) { return read_key(description_of(key)); }

void KeyringStore::save(const StoreKey& key, const base::Secret& secret, base::TimePoint expires_at) {
  const auto time = std::min(expires_at - clock_.now(), max_time);
  if (time <= std::chrono::seconds::zero()) {
    erase(key);
    return;
  }
  put_key(description_of(key), secret, static_cast<std::uint32_t>(time.count()));
}

bool KeyringStore::erase(const StoreKey& key) { return remove_key(description_of(key)); }

std::vector<StoreKey> KeyringStore::keys() {
  std::vector<StoreKey> keys;
  for (const auto& description : list_keys(std::string{prefix})) {
    if (auto key = key_of(description)) keys.push_back(std::move(*key));
  }
  return keys;
}

}  // namespace token
