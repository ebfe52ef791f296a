// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>

namespace base {

/// What went wrong. The programs turn it into streams and exit statuses.
enum class Kind {
  not_found,       ///< there is no credential for this host: it is not ours, or no connection leads to it
  usage,           ///< the command line, or a message on standard input, is not as documented
  config,          ///< a file or variable of the user is wrong
  login_required,  ///< only a user at a terminal can go on, by logging in
  denied,          ///< Snowflake, or an identity provider, answered and refused
  statement,       ///< Snowflake refused a statement of SQL
  network,         ///< there was no answer, or one that makes no sense
  busy,            ///< another process did not finish in time
  keyring,         ///< a store of secrets failed
  internal,        ///< a mistake of this program
};

/// What an error means for the attempts that come after it.
struct Consequences {
  /// For how long the next process gets the same error without asking Snowflake again; zero: it asks.
  std::chrono::seconds pause{0};
  /// Snowflake counts it towards locking the user out, or it rang a phone.
  bool counted = false;
  /// The same attempt may succeed later, or from another network: what is cached stays, and is used.
  bool transient = false;
};

/// As long as Snowflake locks a user out after five wrong passwords
/// (https://docs.snowflake.com/en/user-guide/admin-user-management).
inline constexpr std::chrono::seconds pause_after_counted = std::chrono::minutes{15};
/// Enough for the processes that asked at the same time to get the answer of the one that did.
inline constexpr std::chrono::seconds pause_after_refusal{10};

/// The one exception of this project: a sentence that says what happened, and a hint that says what to do
/// next. Neither ever holds a secret.
class Error : public std::runtime_error {
public:
  /// The consequences are those of the kind: a refusal is remembered for a moment; trouble of the network and
  /// of other processes is transient.
  Error(Kind kind, const std::string& message, std::string hint = {})
      : Error(kind, message, std::move(hint),
              {.pause = kind == Kind::denied ? pause_after_refusal : std::chrono::seconds{0},
               .counted = false,
               .transient = kind == Kind::network || kind == Kind::busy}) {}
  Error(Kind kind, const std::string& message, std::string hint, const Consequences& consequences)
      : std::runtime_error(message), kind_(kind), hint_(std::move(hint)), consequences_(consequences) {}

  Kind kind() const noexcept { return kind_; }
  const std::string& hint() const noexcept { return hint_; }
  const Consequences& consequences() const noexcept { return consequences_; }

private:
  Kind kind_;
  std::string hint_;
  Consequences consequences_;
};

/// Of refusals that Snowflake counts, or that rang a phone.
inline constexpr Consequences counted{.pause = pause_after_counted, .counted = true, .transient = false};
/// Of refusals that are about where this machine is, or about a moment.
inline constexpr Consequences transient{
    .pause = std::chrono::seconds{0}, .counted = false, .transient = true};

}  // namespace base
