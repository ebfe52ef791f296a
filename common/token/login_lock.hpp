// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "base/error.hpp"
#include "token/token_store.hpp"

namespace token {

/// Where processes wait for each other, and leave what was refused for those that come next.
struct LockPlaces {
  std::vector<std::filesystem::path> folders;  ///< of this user alone, the best first; made when needed
  std::shared_ptr<TokenStore> store;           ///< forgets by itself; may be null

  /// The runtime folder, else a memory file system, else the folder for state; and the kernel keyring.
  static LockPlaces of(const base::Environment&, base::Clock&);
};

/// What a login is about, as far as a refusal of it concerns others.
struct LoginSubject {
  StoreKey login;                  ///< another role, or another way to log in, is another login
  std::string config_fingerprint;  ///< a changed file or variable makes it worth trying again
  std::string config_fingerprint_without_secrets;
};

/// This process's turn to log in: of all that would log in as the same user at the same account, one does and
/// the others wait. A refusal is remembered, so that those that come next need not ask: five wrong passwords
/// lock a user out.
///
/// Nothing here ends the work: where no folder can be written to (read-only, full, another user's), processes
/// wait on an abstract socket, and where that cannot be had either, they do not wait.
class LoginLock {
public:
  /// Waits. Throws `busy` when that takes longer than the deadline allows.
  LoginLock(LockPlaces places, LoginSubject subject, const base::Deadline& deadline, base::Clock& clock);
  LoginLock(LoginLock&&) noexcept;
  ~LoginLock();

  /// Throws the remembered refusal, with what is left of its pause, unless that has passed, or the files and
  /// variables have changed since.
  void throw_if_refused() const;
  /// A user asks: what was refused before may be tried again.
  void forget_refusal() const;

  /// Runs a login, and remembers how it went.
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

  /// Leaves a refusal for the processes that come next, for as long as its pause. The secrets that it may be
  /// about are not in it.
  void remember_refusal(const base::Error&) const;

private:
  struct Held;

  LockPlaces places_;
  LoginSubject subject_;
  base::Clock& clock_;
  std::unique_ptr<Held> held_;
};

}  // namespace token
