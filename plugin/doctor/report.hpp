// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace plugin::doctor {

/// What a check found.
enum class State {
  ok,
  warning,  ///< works, but the user should know
  failed,   ///< something that is needed does not work
  skipped,  ///< not checked
};

/// "ok", "warning", "failed", "skipped": for programs.
std::string_view word_for(State);

/// The result of one check in words.
struct Finding {
  State state = State::ok;
  std::string sentence;
  std::string next = {};  ///< one command, or one thing to do; empty when there is nothing
  /// What `doctor --fix` runs: arguments of `docker snowflake`, or `chmod`, mode and file; empty when only
  /// the user can do it.
  std::vector<std::string> fix = {};
};

inline Finding ok(std::string sentence) { return {State::ok, std::move(sentence)}; }
inline Finding warning(std::string sentence, std::string next, std::vector<std::string> fix = {}) {
  return {State::warning, std::move(sentence), std::move(next), std::move(fix)};
}
inline Finding failed(std::string sentence, std::string next, std::vector<std::string> fix = {}) {
  return {State::failed, std::move(sentence), std::move(next), std::move(fix)};
}
inline Finding skipped(std::string why) { return {State::skipped, "skipped: " + std::move(why)}; }

/// The parts of the way from `docker push` to the registry that checks belong to, in the order of the report.
enum class Group { docker, connection, docker_config, stores, network, snowflake, registry, repository };
/// "Docker", "Connection", ...
std::string_view title_of(Group);

/// A finding, and what was checked.
struct Result {
  std::string id;     ///< for programs; never changes its meaning
  std::string title;  ///< for people
  Group group = Group::docker;
  Finding finding;
};

/// What was checked and what was found, in the order of the checks.
struct Report {
  std::string host;        ///< of the registry; empty when it is not known
  std::string repository;  ///< `DATABASE.SCHEMA.REPOSITORY`; empty when none was named
  std::vector<Result> results = {};

  /// The first failure, else the first warning; null when all is well. A check comes after those that it
  /// depends on, so this is the cause, and what follows may be its effects.
  const Result* first_cause() const;
  /// `ok`, `warning` or `failed`.
  State state() const;
};

/// What it all comes to, in one sentence.
std::string verdict(const Report&);

/// The report for programs: `verdict` with `state` (ok, warning or failed), `cause` (the id of a check, or
/// null), `sentence` and `next`; `host`, `repository`, `version`, and `checks` in their order, each with
/// `id`, `title`, `group`, `state` (as above, or skipped), `sentence` and `next`.
base::OrderedJson to_json(const Report&);

}  // namespace plugin::doctor
