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

/// Where login locks and records of failed logins are stored.
struct LockLocations {
  /// Private to this user, in order of preference; created when needed.
  std::vector<std::filesystem::path> directories;
  std::shared_ptr<TokenStore> store;  ///< a store whose entries expire; may be null

  /// The runtime directory, /dev/shm, and the state directory, in this order; and the kernel keyring.
  static LockLocations of(const base::Environment&, base::Clock&);
};

/// Creates a directory for this user alone, whatever the umask. False when it cannot be created, belongs to
/// another user, or is writable for others.
bool make_private(const std::filesystem::path& directory);

/// Identifies a login for locking, and for deciding whether a remembered refusal still applies.
struct LoginSubject {
  StoreKey login;                  ///< logins with another role or authenticator have other keys
  std::string config_fingerprint;  ///< after a file or variable has changed, a refusal no longer applies
  std::string config_fingerprint_without_secrets;
  /// A digest of the credential. A refusal that Snowflake counts applies to the same credential, whatever
  /// else has changed: role, comments, variables of the job.
  std::string credential;
};

/// Records of failed logins for the processes that log in later, in a store or else in a file. They contain
/// no secrets. Only the process that holds the lock of the login uses them (`login_lock.hpp`).
class LoginRecords {
public:
  LoginRecords(LockLocations locations, LoginSubject subject, base::Clock& clock)
      : locations_(std::move(locations)), subject_(std::move(subject)), clock_(clock) {}

  /// Throws the recorded refusal, with its remaining pause. Not when the pause has passed, or what it depends
  /// on has changed since: the credential if Snowflake counts the refusal, else any file or variable.
  void throw_if_refused() const;
  /// Why and when the last login failed.
  struct Failure {
    base::Error error;
    base::TimePoint at;
  };
  /// Absent after a success, with another configuration, and when the failure is older than a day, or a
  /// transient one older than 15 minutes.
  std::optional<Failure> last_failure() const;
  /// Deletes the records of this login, so that the next attempt is made at once.
  void forget_refusal() const;
  /// Records a failure, and a refusal for as long as its pause.
  void remember_failure(const base::Error&) const;

private:
  LockLocations locations_;
  LoginSubject subject_;
  base::Clock& clock_;
};

}  // namespace token
