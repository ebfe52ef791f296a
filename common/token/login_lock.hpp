// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "base/error.hpp"
#include "token/token_store.hpp"

namespace token {

/// Where login locks and remembered refusals are kept.
struct LockLocations {
  std::vector<std::filesystem::path> folders;  ///< private to this user, the best first; created when needed
  std::shared_ptr<TokenStore> store;           ///< a store whose entries expire; may be null

  /// The runtime folder, /dev/shm, and the state folder, in this order; and the kernel keyring.
  static LockLocations of(const base::Environment&, base::Clock&);
};

/// Identifies a login for locking, and for deciding whether a remembered refusal still applies.
struct LoginSubject {
  StoreKey login;                  ///< logins with another role or authenticator have other keys
  std::string config_fingerprint;  ///< after a file or variable has changed, a refusal no longer applies
  std::string config_fingerprint_without_secrets;
  /// A digest of what is sent to prove who logs in. A refusal that Snowflake counts applies to the same
  /// credential whatever else has changed: role, comments, variables of the job.
  std::string credential;
};

/// The lock that lets one process at a time log in as a user of an account. A refused login is remembered for
/// the processes that wait or come later, because five wrong passwords lock a user out.
///
/// A lock that cannot be created never fails a login: where no folder is writable (read-only, full, another
/// user's), the lock is an abstract socket, and where that is not possible either, processes do not wait for
/// each other.
class LoginLock {
public:
  /// Waits for the lock. Throws `busy` at the deadline.
  LoginLock(LockLocations locations, LoginSubject subject, const base::Deadline& deadline,
            base::Clock& clock);
  LoginLock(LoginLock&&) noexcept;
  ~LoginLock();

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

  /// Runs a login: remembers a refusal, and forgets an earlier one after a success.
  template <typename Action>
  auto run(const Action& action) const {
    try {
      auto result = action();
      forget_refusal();
      return result;
    } catch (const base::Error& error) {
      remember_refusal(error);
      throw;
    }
  }

  /// Remembers a failure, and a refusal for as long as its pause. The records contain no secrets.
  void remember_refusal(const base::Error&) const;

private:
  struct Held;
  /// Where a refusal is remembered, and what must be the same for it to apply: in a store, and in a file,
  /// which must not contain a digest of a password.
  struct Scope {
    StoreKey key;
    std::string condition;
    std::string condition_in_file;
  };

  /// Of refusals that Snowflake counts: one for each credential, whatever the role.
  Scope of_credential() const;
  Scope of_configuration() const;
  Scope of_failure() const;
  void save(const Scope&, const base::Error&, std::chrono::seconds lifetime) const;
  /// The result of `parse` for the first record that it accepts. It gets a record, and the condition that the
  /// record must have.
  template <typename Parse>
  auto find(const Scope&, const Parse& parse) const;
  void forget(const Scope&) const;

  LockLocations locations_;
  LoginSubject subject_;
  base::Clock& clock_;
  std::unique_ptr<Held> held_;
};

}  // namespace token
