// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/file_lock.hpp"
#include "token/refusal.hpp"

namespace token {

/// This process's turn to sign in: of all that would sign in as the same user at the same account, one does,
/// and the others wait. A refusal is remembered, so that those who come next need not ask (`refusal.hpp`).
class SignInTurn {
public:
  /// Waits. Throws `network` when that takes longer than the deadline allows.
  SignInTurn(std::filesystem::path runtime, StoreKey key, std::string sources, const base::Deadline& deadline,
             base::Clock& clock)
      : runtime_(std::move(runtime)),
        key_(std::move(key)),
        sources_(std::move(sources)),
        clock_(clock),
        lock_(sign_in_lock(runtime_, key_), "signing in to " + key_.host, deadline, clock) {}

  /// Throws the refusal that is remembered.
  void throw_if_refused() const { token::throw_if_refused(runtime_, key_, sources_, clock_.now()); }
  /// A person asks: what was refused before may be asked again.
  void forget_refusal() const { token::forget_refusal(runtime_, key_); }

  /// Runs a sign-in, and remembers how it went.
  template <typename Action>
  auto run(const Action& action) const {
    try {
      auto result = action();
      forget_refusal();
      return result;
    } catch (const CountedRefusal& error) {
      remember(error, pause_after_counted);
      throw;
    } catch (const base::Error& error) {
      if (error.kind() == base::Kind::denied) remember(error, pause_after_others);
      throw;
    }
  }

private:
  void remember(const base::Error& error, std::chrono::seconds pause) const {
    remember_refusal(runtime_, key_, sources_, error, pause, clock_.now());
  }

  std::filesystem::path runtime_;
  StoreKey key_;
  std::string sources_;
  base::Clock& clock_;
  base::FileLock lock_;
};

}  // namespace token
