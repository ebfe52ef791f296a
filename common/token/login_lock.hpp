// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "token/login_records.hpp"

namespace token {

/// The lock that lets one process at a time log in as a user of an account. A refused login is remembered for
/// the processes that wait or come later, because five wrong passwords lock a user out.
///
/// A lock that cannot be created never fails a login: where no directory is writable (read-only, full,
/// another user's), the lock is an abstract socket, and where that is not possible either, processes do not
/// wait for each other.
class LoginLock {
public:
  /// Waits for the lock. Throws `busy` at the deadline.
  LoginLock(const LockLocations& locations, const LoginSubject& subject, const base::Deadline& deadline,
            base::Clock& clock);
  LoginLock(LoginLock&&) noexcept;
  ~LoginLock();

  /// The records of earlier failed logins.
  const LoginRecords& records() const noexcept { return records_; }

  /// Runs `action`, which logs in. Records a failure; after a success, deletes earlier records.
  template <typename Action>
  auto run(const Action& action) const {
    try {
      auto result = action();
      records_.forget_refusal();
      return result;
    } catch (const base::Error& error) {
      records_.remember_failure(error);
      throw;
    }
  }

private:
  struct Held;

  LoginRecords records_;
  std::unique_ptr<Held> held_;
};

}  // namespace token
