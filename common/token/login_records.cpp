// SPDX-License-Identifier: Apache-2.0
#include "token/login_records.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

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

/// Where a failure is recorded, for how long at most, and what must be unchanged for it to apply. The file
/// has a condition of its own, because it must not contain a digest of a password.
struct Scope {
  StoreKey key;
  std::chrono::seconds max_lifetime;
  std::string condition;
  std::string condition_in_file;
};

Scope scope_of_configuration(const LoginSubject& subject) {
  auto key = subject.login;
  key.kind = refusal_kind;
  return {std::move(key), base::pause_after_counted, subject.config_fingerprint,
          subject.config_fingerprint_without_secrets};
}

/// For refusals that Snowflake counts: one for each credential, whatever the role.
Scope scope_of_credential(const LoginSubject& subject) {
  auto scope = scope_of_configuration(subject);
  // 16 bits distinguish a corrected password from the refused one, and are too few to guess a password.
  const auto mark =
      base::Fingerprint{}.add(scope.key.host).add(scope.key.user).add(subject.credential).hex().substr(0, 4);
  // Without a user, the rest of the key identifies who logs in.
  scope.key.detail = (scope.key.user.empty() ? scope.key.detail : "") + "/credential/" + mark;
  scope.condition = subject.credential;
  scope.condition_in_file = mark;
  return scope;
}

Scope scope_of_failure(const LoginSubject& subject) {
  auto scope = scope_of_configuration(subject);
  scope.key.kind = failure_kind;
  scope.max_lifetime = failure_lifetime;
  return scope;
}

std::string record_name(const StoreKey& login) {
  return base::Fingerprint{}.add(login.host).add(login.user).add(login.detail).hex() +
         (login.kind == failure_kind ? failure_extension : refusal_extension);
}

/// The record of a failed login.
struct Record {
  std::string message;
  base::NextStep next;
  base::TimePoint at;
  std::chrono::seconds lifetime;
  std::chrono::seconds left;  ///< of the lifetime
};

base::NextStep step_in(const base::Json& json) {
  base::NextStep next{base::text_at(json, "hint").value_or("")};
  const auto needs = base::whole_number_at(json, "needs").value_or(0);
  if (needs > 0 && needs <= static_cast<int>(base::Needs::role)) next.needs = static_cast<base::Needs>(needs);
  next.without_terminal = base::text_at(json, "without_terminal").value_or("");
  return next;
}

/// Absent when the record has expired, or this version cannot read it.
std::optional<Record> parse_record(std::string_view text, const std::string& condition,
                                   std::chrono::seconds max_lifetime, base::TimePoint now) {
  const auto json = base::parse_json(text);
  if (!json || base::text_at(*json, "config") != condition) return std::nullopt;
  const auto at = base::time_at(*json, "at");
  const auto message = base::text_at(*json, "message");
  const auto seconds = base::whole_number_at(*json, "pause");
  if (!at || !message || !seconds) return std::nullopt;
  const auto lifetime = std::min(std::chrono::seconds{*seconds}, max_lifetime);
  // If the clock was set back, fifteen minutes must not become a day.
  if (*at + lifetime <= now || now + clock_slack < *at) return std::nullopt;
  return Record{*message, step_in(*json), *at, lifetime, std::min(lifetime, *at + lifetime - now)};
}

/// Each refused credential has a file of its own, which would stay if the credential is never used again.
void remove_expired_records(const std::filesystem::path& directory) {
  const auto now = std::filesystem::file_time_type::clock::now();
  std::error_code failed;
  for (std::filesystem::directory_iterator entry{directory, failed}, end; !failed && entry != end;
       entry.increment(failed)) {
    std::error_code ignored;
    const bool is_failure = entry->path().extension() == failure_extension;
    if (!is_failure && entry->path().extension() != refusal_extension) continue;
    const auto age = now - entry->last_write_time(ignored);
    if (!ignored && age > (is_failure ? failure_lifetime : base::pause_after_counted))
      std::filesystem::remove(entry->path(), ignored);
  }
}

void save_record(const LockLocations& locations, const Scope& scope, const base::Error& error,
                 std::chrono::seconds lifetime, const base::Clock& clock) {
  base::Json json = {{"config", scope.condition},
                     {"pause", lifetime.count()},
                     {"at", clock.now().time_since_epoch().count()},
                     {"message", error.what()},
                     {"hint", error.hint()},
                     {"needs", static_cast<int>(error.next_step().needs)},
                     {"without_terminal", error.next_step().without_terminal}};
  const auto record = [&] { return base::dump_json(json); };
  if (locations.store) {
    try {
      locations.store->save(scope.key, base::Secret{record()}, clock.now() + lifetime);
      return;
    } catch (const base::Error&) {
      // Use a file instead.
    }
  }
  json["config"] = scope.condition_in_file;
  for (const auto& directory : locations.directories) {
    try {
      if (!make_private(directory)) continue;
      remove_expired_records(directory);
      base::write_file(directory / record_name(scope.key), record());
      return;
    } catch (const base::Error&) {
      // Try the next one. The user must see the failure, not this error.
    }
  }
}

std::optional<Record> find_record(const LockLocations& locations, const Scope& scope,
                                  const base::Clock& clock) {
  const auto parse = [&](std::string_view text, const std::string& condition) {
    return parse_record(text, condition, scope.max_lifetime, clock.now());
  };
  if (locations.store) {
    try {
      if (const auto stored = locations.store->load(scope.key))
        if (auto record = parse(stored->reveal(), scope.condition)) return record;
    } catch (const base::Error&) {
      // Saving failed as well, so the record is in a file.
    }
  }
  for (const auto& directory : locations.directories) {
    try {
      if (const auto text = base::read_file(directory / record_name(scope.key)))
        if (auto record = parse(*text, scope.condition_in_file)) return record;
    } catch (const base::Error&) {
      // The other directories may have one.
    }
  }
  return std::nullopt;
}

void erase_record(const LockLocations& locations, const Scope& scope) {
  if (locations.store) {
    try {
      locations.store->erase(scope.key);
    } catch (const base::Error&) {
      // It expires by itself.
    }
  }
  for (const auto& directory : locations.directories) {
    std::error_code ignored;
    std::filesystem::remove(directory / record_name(scope.key), ignored);
  }
}

/// What is left of a pause. Minutes are rounded up, so that the next attempt is not made too early.
std::string time_left(std::chrono::seconds time) {
  return base::duration_in_words(
      time < std::chrono::minutes{2} ? time : std::chrono::ceil<std::chrono::minutes>(time));
}

/// Adds to a next step how to avoid the wait.
base::NextStep without_waiting(base::NextStep next) {
  const bool names_command = !next.without_terminal.empty();
  if (next.needs == base::Needs::terminal || names_command) return next;
  next.without_terminal = next.text;
  next.text += (next.text.empty() ? "" : "; ") + std::string{"docker snowflake login tries immediately"};
  return next;
}

/// The refusal in a record, with its remaining pause.
base::Error refusal_in(const Record& record) {
  const bool counted = record.lifetime == base::pause_after_counted;
  const std::string reason = counted ? ", to avoid locking the user out)" : ")";
  return {base::Kind::denied,
          record.message + " (next attempt in " + time_left(record.left) + reason,
          counted ? without_waiting(record.next) : record.next,
          {.pause = record.left, .counted = counted, .transient = false}};
}

}  // namespace

LockLocations LockLocations::of(const base::Environment& environment, base::Clock& clock) {
  LockLocations locations;
  try {
    locations.directories.push_back(environment.runtime_directory() / own_name);
  } catch (const base::Error&) {
    // There is none; the others will do.
  }
  locations.directories.push_back(std::string{"/dev/shm/"} + own_name + "-" + std::to_string(geteuid()));
  if (const auto state = environment.state_home(); state.is_absolute())
    locations.directories.push_back(state / own_name);
  locations.store = std::make_shared<KeyringStore>(clock);
  return locations;
}

bool make_private(const std::filesystem::path& directory) {
  if (mkdir(directory.c_str(), 0700) == 0) chmod(directory.c_str(), 0700);
  struct stat status {};
  // lstat: a symbolic link that another user planted is not our directory, whatever it points to.
  return lstat(directory.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid() &&
         (status.st_mode & 022U) == 0;
}

void LoginRecords::throw_if_refused() const {
  for (const auto& scope : {scope_of_credential(subject_), scope_of_configuration(subject_)})
    if (const auto record = find_record(locations_, scope, clock_)) throw base::Error{refusal_in(*record)};
}

std::optional<LoginRecords::Failure> LoginRecords::last_failure() const {
  const auto record = find_record(locations_, scope_of_failure(subject_), clock_);
  if (!record) return std::nullopt;
  return Failure{{base::Kind::denied, record->message, record->next}, record->at};
}

void LoginRecords::forget_refusal() const {
  // Refusals of other credentials stay: those are still wrong.
  for (const auto& scope :
       {scope_of_configuration(subject_), scope_of_credential(subject_), scope_of_failure(subject_)})
    erase_record(locations_, scope);
}

void LoginRecords::remember_failure(const base::Error& error) const {
  const auto remember = [&](const Scope& scope, std::chrono::seconds lifetime) {
    save_record(locations_, scope, error, lifetime, clock_);
  };
  // Without a user, or without the lock, no login was attempted.
  if (error.kind() != base::Kind::login_required && error.kind() != base::Kind::busy) {
    remember(scope_of_failure(subject_),
             error.consequences().transient ? transient_failure_lifetime : failure_lifetime);
  }
  const auto pause = error.consequences().pause;
  if (pause > std::chrono::seconds::zero()) {
    remember(error.consequences().counted ? scope_of_credential(subject_) : scope_of_configuration(subject_),
             pause);
  }
}

}  // namespace token
