// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "base/error.hpp"
#include "token/token_store.hpp"

namespace token {

/// Where login locks and remembered refusals are kept.
struct LockLocations {
  std::vector<std::filesystem::path>
      directories;                    ///< private to this user, the best first; created when needed
  std::shared_ptr<TokenStore> store;  ///< a store whose entries expire; may be null

  /// The runtime directory, /dev/shm, and the state directory, in this order; and the kernel keyring.
  static LockLocations of(const base::Environment&, base::Clock&);
};

/// Creates a directory for this user alone, whatever the umask. False when it cannot be created, or belongs
/// to or is writable for others.
bool make_private(const std::filesystem::path& directory);

/// Identifies a login for locking, and for deciding whether a remembered refusal still applies.
struct LoginSubject {
  StoreKey login;                  ///< logins with another role or authenticator have other keys
  std::string config_fingerprint;  ///< after a file or variable has changed, a refusal no longer applies
  std::string config_fingerprint_without_secrets;
  /// A digest of what is sent to prove who logs in. A refusal that Snowflake counts applies to the same
  /// credential whatever else has changed: role, comments, variables of the job.
  std::string credential;
};

/// What is remembered of failed logins, for the processes that log in later: in a store, or else in a file.
/// The records contain no secrets. Only the process that holds the lock of the login uses them
/// (`login_lock.hpp`).
class LoginRecords {
public:
  LoginRecords(LockLocations locations, LoginSubject subject, base::Clock& clock)
      : locations_(std::move(locations)), subject_(std::move(subject)), clock_(clock) {}

  /// Throws the remembered refusal, with the rest of its pause, unless the pause has passed, or what it
  /// depends on has changed since: the credential if Snowflake counts it, else any file or variable.
  void throw_if_refused() const;
  /// Why the last login failed, and when.
  struct Failure {
    base::Error error;
    base::TimePoint at;
  };
  /// Absent after a success, with another configuration, and when it was too long ago: a day, or a quarter of
  /// an hour for what may have passed by itself.
  std::optional<Failure> last_failure() const;
  /// Allows another attempt at once, because the user asks for it.
  void forget_refusal() const;
  /// Remembers a failure, and a refusal for as long as its pause.
  void remember_refusal(const base::Error&) const;

private:
  LockLocations locations_;
  LoginSubject subject_;
  base::Clock& clock_;
};

}  // namespace token
