// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace base {

/// What went wrong. The programs map it to output streams and exit codes.
enum class Kind {
  not_found,       ///< no credential for this host: not a Snowflake registry, or no connection matches it
  usage,           ///< the command line, or a message on standard input, is not as documented
  config,          ///< one of the user's files or variables is wrong
  login_required,  ///< a user must log in at a terminal first
  denied,          ///< Snowflake, or an identity provider, answered and refused
  statement,       ///< Snowflake refused an SQL statement
  network,         ///< there was no answer, or a malformed one
  busy,            ///< another process did not finish in time
  keyring,         ///< a secret store failed
  internal,        ///< a bug in this program
};

/// What a next step requires. Where that is missing, as on a Kubernetes node, another step is shown.
enum class Needs {
  nothing,
  terminal,        ///< a user who runs a command at a terminal
  new_connection,  ///< another connection in the Snowflake CLI's files
  connection,      ///< a change to the connection, which not every login has
  role,            ///< another Snowflake role, or a privilege for it
};

/// What a user can do after an error.
struct NextStep {
  NextStep() = default;
  NextStep(const char* step) : text(step) {}             // NOLINT: most steps need nothing
  NextStep(std::string step) : text(std::move(step)) {}  // NOLINT
  NextStep(std::string step, Needs what, std::string otherwise = {})
      : text(std::move(step)), needs(what), without_terminal(std::move(otherwise)) {}

  /// This step, for an error about the connection keys `wrong_keys`.
  NextStep about(std::vector<std::string> wrong_keys) && {
    keys = std::move(wrong_keys);
    return std::move(*this);
  }
  bool empty() const noexcept { return text.empty(); }

  std::string text;
  Needs needs = Needs::nothing;
  /// The keys of the connection whose values may be wrong, such as user and password; `private_key_file` when
  /// Snowflake does not know the key. Empty when the error says nothing about them.
  std::vector<std::string> keys;
  /// The step to show where no user is at a terminal; empty when `text` needs no terminal, or when there is
  /// no other step.
  std::string without_terminal;
};

/// The next step when a Snowflake service fails.
inline constexpr const char* outage_hint = "try again later; https://status.snowflake.com shows outages";

/// What an error means for later attempts.
struct Consequences {
  /// For how long other processes get the same error without asking Snowflake again; zero: they ask.
  std::chrono::seconds pause{0};
  /// Snowflake counts it towards locking the user out, or it sent a notification to the user's phone.
  bool counted = false;
  /// The same attempt may succeed later, or from another network: cached tokens stay in use.
  bool transient = false;
};

/// As long as Snowflake locks a user out after five wrong passwords
/// (https://docs.snowflake.com/en/user-guide/admin-user-management).
inline constexpr std::chrono::seconds pause_after_counted = std::chrono::minutes{15};
/// Long enough for the processes that wait for the same login to get its result.
inline constexpr std::chrono::seconds pause_after_refusal{10};

/// The exception that this project throws: a sentence that says what happened, and a hint that says what to
/// do next. Neither ever contains a secret.
class Error : public std::runtime_error {
public:
  /// With the usual consequences of the kind: a refusal is remembered for a moment; `network` and `busy` are
  /// transient.
  Error(Kind kind, const std::string& message, NextStep next = {})
      : Error(kind, message, std::move(next),
              {.pause = kind == Kind::denied ? pause_after_refusal : std::chrono::seconds{0},
               .counted = false,
               .transient = kind == Kind::network || kind == Kind::busy}) {}
  Error(Kind kind, const std::string& message, NextStep next, const Consequences& consequences)
      : std::runtime_error(message), kind_(kind), next_(std::move(next)), consequences_(consequences) {}

  Kind kind() const noexcept { return kind_; }
  /// The text of `next_step`; empty when there is none.
  const std::string& hint() const noexcept { return next_.text; }
  /// For an error that is thrown in place of this one.
  const NextStep& next_step() const noexcept { return next_; }
  const Consequences& consequences() const noexcept { return consequences_; }

private:
  Kind kind_;
  NextStep next_;
  Consequences consequences_;
};

/// For refusals that are `counted`.
inline constexpr Consequences counted{.pause = pause_after_counted, .counted = true, .transient = false};
/// For failures that depend on this machine's network, or that pass soon.
inline constexpr Consequences transient{
    .pause = std::chrono::seconds{0}, .counted = false, .transient = true};

}  // namespace base
