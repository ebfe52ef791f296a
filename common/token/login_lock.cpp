// SPDX-License-Identifier: Apache-2.0
#include "token/login_lock.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include "base/file.hpp"
#include "base/file_change.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "token/stores/keyring_store.hpp"

namespace token {
namespace {

constexpr const char* own_name = "docker-credential-snowflake";
constexpr const char* refusal_kind = "refused-login";
constexpr const char* failure_kind = "failed-login";
constexpr const char* refusal_extension = ".refused";
constexpr const char* failure_extension = ".failed";
/// How long a failure without a pause is remembered.
constexpr std::chrono::seconds failure_lifetime = std::chrono::hours{24};
constexpr std::chrono::seconds transient_failure_lifetime = std::chrono::minutes{15};

/// Hashed, because user names may contain characters that file names cannot.
std::string lock_name(const StoreKey& login) {
  return base::Fingerprint{}.add(login.host).add(login.user).hex() + ".lock";
}

std::string record_name(const StoreKey& login) {
  return base::Fingerprint{}.add(login.host).add(login.user).add(login.detail).hex() +
         (login.kind == failure_kind ? failure_extension : refusal_extension);
}

/// Creates the folder for this user alone, whatever the umask. False when it cannot be created, or belongs to
/// or is writable for others.
bool make_private(const std::filesystem::path& folder) {
  if (mkdir(folder.c_str(), 0700) == 0) chmod(folder.c_str(), 0700);
  struct stat status {};
  // lstat: a symbolic link that another user planted is not our folder, whatever it points to.
  return lstat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid() &&
         (status.st_mode & 022U) == 0;
}

/// An abstract socket name that only one process can hold at a time: a lock that needs no file system. The
/// kernel releases it when the process ends, however it ends.
class SocketLock {
public:
  /// True when there is nothing to wait for: this process has the lock now, or another user has the name.
  static bool try_take(const std::string& name, std::unique_ptr<SocketLock>& lock) {
    auto attempt = std::unique_ptr<SocketLock>{new SocketLock};
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    // The first byte stays zero, which makes the name abstract (unix(7)).
    const auto size = std::min(name.size(), sizeof address.sun_path - 2);
    std::memcpy(address.sun_path + 1, name.data(), size);
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + size);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (attempt->socket_ < 0) return true;
    if (bind(attempt->socket_, generic, length) == 0) {
      listen(attempt->socket_, 1);
      lock = std::move(attempt);
      return true;
    }
    return errno != EADDRINUSE || !is_own(generic, length);
  }
  SocketLock(const SocketLock&) = delete;
  SocketLock& operator=(const SocketLock&) = delete;
  ~SocketLock() {
    if (socket_ >= 0) close(socket_);
  }

private:
  SocketLock() : socket_(open()) {}
  static int open() { return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0); }

  /// Whether a process of this user has the name. A full queue (EAGAIN) does not say, and counts as yes.
  static bool is_own(const sockaddr* address, socklen_t length) {
    const SocketLock client;
    if (client.socket_ < 0) return false;
    if (connect(client.socket_, address, length) != 0) return errno == EAGAIN;
    ucred owner{};
    socklen_t size = sizeof owner;
    return getsockopt(client.socket_, SOL_SOCKET, SO_PEERCRED, &owner, &size) == 0 && owner.uid == geteuid();
  }

  int socket_;
};

std::string duration_text(std::chrono::seconds time) {
  if (time == std::chrono::seconds{1}) return "1 second";
  if (time < std::chrono::minutes{2}) return std::to_string(time.count()) + " seconds";
  return std::to_string(std::chrono::ceil<std::chrono::minutes>(time).count()) + " minutes";
}

/// What a record says about a login that did not succeed.
struct Record {
  std::string message;
  base::NextStep next;
  base::TimePoint at;
  std::chrono::seconds lifetime;
};

base::NextStep step_in(const base::Json& json) {
  base::NextStep next{base::text_at(json, "hint").value_or("")};
  const auto needs = base::whole_number_at(json, "needs").value_or(0);
  if (needs > 0 && needs <= static_cast<int>(base::Needs::role)) next.needs = static_cast<base::Needs>(needs);
  next.without_terminal = base::text_at(json, "without_terminal").value_or("");
  return next;
}

/// Where the user must wait, the next step also says how not to.
base::NextStep without_waiting(base::NextStep next) {
  const bool names_command = !next.without_terminal.empty();
  if (next.needs == base::Needs::terminal || names_command) return next;
  next.without_terminal = next.text;
  next.text += (next.text.empty() ? "" : "; ") + std::string{"docker snowflake login tries immediately"};
  return next;
}

/// Absent when its time has passed, and for a record that this version cannot read.
std::optional<Record> parse_record(std::string_view text, const std::string& condition,
                                   std::chrono::seconds max_lifetime, base::TimePoint now) {
  const auto json = base::parse_json(text);
  if (!json || base::text_at(*json, "config") != condition) return std::nullopt;
  const auto at = base::whole_number_at(*json, "at");
  const auto message = base::text_at(*json, "message");
  const auto seconds = base::whole_number_at(*json, "pause");
  if (!at || !message || !seconds) return std::nullopt;
  const base::TimePoint since{std::chrono::seconds{*at}};
  const auto lifetime = std::min(std::chrono::seconds{*seconds}, max_lifetime);
  // A clock that was set back must not turn fifteen minutes into a day.
  if (since + lifetime <= now || now < since) return std::nullopt;
  return Record{*message, step_in(*json), since, lifetime};
}

/// The refusal in a record, with the rest of its pause.
std::optional<base::Error> parse_refusal(std::string_view text, const std::string& condition,
                                         base::TimePoint now) {
  const auto record = parse_record(text, condition, base::pause_after_counted, now);
  if (!record) return std::nullopt;
  const auto left = record->at + record->lifetime - now;
  const bool counted = record->lifetime == base::pause_after_counted;
  const std::string reason = counted ? ", to avoid locking the user out)" : ")";
  return base::Error{base::Kind::denied,
                     record->message + " (next attempt in " + duration_text(left) + reason,
                     counted ? without_waiting(record->next) : record->next,
                     {.pause = left, .counted = counted, .transient = false}};
}

/// Each refused credential has its own file. One that is never used again would stay.
void remove_expired_records(const std::filesystem::path& folder) {
  const auto now = std::filesystem::file_time_type::clock::now();
  std::error_code failed;
  for (std::filesystem::directory_iterator entry{folder, failed}, end; !failed && entry != end;
       entry.increment(failed)) {
    std::error_code ignored;
    const bool is_failure = entry->path().extension() == failure_extension;
    if (!is_failure && entry->path().extension() != refusal_extension) continue;
    const auto age = now - entry->last_write_time(ignored);
    if (!ignored && age > (is_failure ? failure_lifetime : base::pause_after_counted))
      std::filesystem::remove(entry->path(), ignored);
  }
}

}  // namespace

LockLocations LockLocations::of(const base::Environment& environment, base::Clock& clock) {
  LockLocations locations;
  try {
    locations.folders.push_back(environment.runtime_folder() / own_name);
  } catch (const base::Error&) {
    // There is none; the others will do.
  }
  locations.folders.push_back(std::string{"/dev/shm/"} + own_name + "-" + std::to_string(geteuid()));
  if (const auto state = environment.state_home(); state.is_absolute())
    locations.folders.push_back(state / own_name);
  locations.store = std::make_shared<KeyringStore>(clock);
  return locations;
}

struct LoginLock::Held {
  std::unique_ptr<base::FileLock> file;
  std::unique_ptr<SocketLock> socket;
};

LoginLock::LoginLock(LockLocations locations, LoginSubject subject, const base::Deadline& deadline,
                     base::Clock& clock)
    : locations_(std::move(locations)),
      subject_(std::move(subject)),
      clock_(clock),
      held_(std::make_unique<Held>()) {
  const std::string what = "logging in to " + subject_.login.host;
  for (const auto& folder : locations_.folders) {
    if (!make_private(folder)) continue;
    try {
      held_->file =
          std::make_unique<base::FileLock>(folder / lock_name(subject_.login), what, deadline, clock_);
      return;
    } catch (const base::Error& error) {
      if (error.kind() == base::Kind::busy) throw;
    }
  }
  const std::string name =
      std::string{own_name} + "-" + std::to_string(geteuid()) + "-" + lock_name(subject_.login);
  std::chrono::milliseconds pause{5};
  while (!SocketLock::try_take(name, held_->socket)) {
    if (deadline.expired()) {
      throw base::Error(base::Kind::busy, "timed out waiting for another process that is busy with " + what,
                        "try again; if that does not help, look for a docker-credential-snowflake or docker "
                        "snowflake process that hangs");
    }
    clock_.sleep(std::min(pause, deadline.left()));
    pause = std::min(pause * 2, std::chrono::milliseconds{40});
  }
}

LoginLock::LoginLock(LoginLock&&) noexcept = default;

LoginLock::~LoginLock() = default;

LoginLock::Scope LoginLock::of_configuration() const {
  auto key = subject_.login;
  key.kind = refusal_kind;
  return {std::move(key), subject_.config_fingerprint, subject_.config_fingerprint_without_secrets};
}

LoginLock::Scope LoginLock::of_credential() const {
  auto scope = of_configuration();
  // 16 bits tell a corrected password from the refused one, and are too few to guess a password from.
  const auto mark =
      base::Fingerprint{}.add(scope.key.host).add(scope.key.user).add(subject_.credential).hex().substr(0, 4);
  // Without a user, the rest of the key identifies who logs in.
  scope.key.detail = (scope.key.user.empty() ? scope.key.detail : "") + "/credential/" + mark;
  scope.condition = subject_.credential;
  scope.condition_in_file = mark;
  return scope;
}

LoginLock::Scope LoginLock::of_failure() const {
  auto scope = of_configuration();
  scope.key.kind = failure_kind;
  return scope;
}

void LoginLock::remember_refusal(const base::Error& error) const {
  // Without a user or the lock nothing was tried.
  if (error.kind() != base::Kind::login_required && error.kind() != base::Kind::busy) {
    save(of_failure(), error, error.consequences().transient ? transient_failure_lifetime : failure_lifetime);
  }
  const auto pause = error.consequences().pause;
  if (pause > std::chrono::seconds::zero())
    save(error.consequences().counted ? of_credential() : of_configuration(), error, pause);
}

void LoginLock::save(const Scope& scope, const base::Error& error, std::chrono::seconds lifetime) const {
  base::Json json = {{"config", scope.condition},
                     {"pause", lifetime.count()},
                     {"at", clock_.now().time_since_epoch().count()},
                     {"message", error.what()},
                     {"hint", error.hint()},
                     {"needs", static_cast<int>(error.next_step().needs)},
                     {"without_terminal", error.next_step().without_terminal}};
  const auto record = [&] { return base::dump_json(json); };
  if (locations_.store) {
    try {
      locations_.store->save(scope.key, base::Secret{record()}, clock_.now() + lifetime);
      return;
    } catch (const base::Error&) {
      // Use a file instead.
    }
  }
  json["config"] = scope.condition_in_file;
  for (const auto& folder : locations_.folders) {
    try {
      if (!make_private(folder)) continue;
      remove_expired_records(folder);
      base::write_file(folder / record_name(scope.key), record());
      return;
    } catch (const base::Error&) {
      // Try the next one. The user must see the failure, not this error.
    }
  }
}

template <typename Parse>
auto LoginLock::find(const Scope& scope, const Parse& parse) const {
  decltype(parse(std::string_view{}, scope.condition)) found;
  if (locations_.store) {
    try {
      if (const auto record = locations_.store->load(scope.key))
        found = parse(record->reveal(), scope.condition);
    } catch (const base::Error&) {
      // Then nothing was saved there either.
    }
  }
  for (const auto& folder : locations_.folders) {
    if (found) break;
    try {
      if (const auto record = base::read_file(folder / record_name(scope.key)))
        found = parse(*record, scope.condition_in_file);
    } catch (const base::Error&) {
      // The other folders may have one.
    }
  }
  return found;
}

std::optional<LoginLock::Failure> LoginLock::last_failure() const {
  return find(of_failure(),
              [&](std::string_view text, const std::string& condition) -> std::optional<Failure> {
                const auto record = parse_record(text, condition, failure_lifetime, clock_.now());
                if (!record) return std::nullopt;
                return Failure{{base::Kind::denied, record->message, record->next}, record->at};
              });
}

void LoginLock::throw_if_refused() const {
  for (const auto& scope : {of_credential(), of_configuration()}) {
    const auto refusal = find(scope, [&](std::string_view text, const std::string& condition) {
      return parse_refusal(text, condition, clock_.now());
    });
    if (refusal) throw base::Error{*refusal};
  }
}

void LoginLock::forget_refusal() const {
  // Not the refusals of other credentials: they are still wrong.
  for (const auto& scope : {of_configuration(), of_credential(), of_failure()}) forget(scope);
}

void LoginLock::forget(const Scope& scope) const {
  if (locations_.store) {
    try {
      locations_.store->erase(scope.key);
    } catch (const base::Error&) {
      // It expires by itself.
    }
  }
  for (const auto& folder : locations_.folders) {
    std::error_code ignored;
    std::filesystem::remove(folder / record_name(scope.key), ignored);
  }
}

}  // namespace token
