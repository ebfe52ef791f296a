// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "base/environment.hpp"
#include "base/json.hpp"
#include "output/format.hpp"

namespace plugin::doctor {

struct CheckContext;

enum class State {
  ok,
  warning,  ///< works, but the user should know
  failed,   ///< something that is needed does not work
  skipped,  ///< not checked
};

/// The name of the enumerator, for programs.
std::string_view word_for(State);

/// What one check found, in words.
struct Finding {
  State state = State::ok;
  std::string sentence;
  std::string next = {};  ///< one command, or one thing to do; empty when there is nothing
  /// What `doctor --fix` runs: arguments of `docker snowflake`, or `chmod`, mode and file; empty when only
  /// the user can do it.
  std::vector<std::string> fix = {};

  /// Whether `doctor --fix` runs that command of `docker snowflake` for it.
  bool is_fixed_by(std::string_view command) const { return !fix.empty() && fix.front() == command; }
};

inline Finding ok(std::string sentence) { return {State::ok, std::move(sentence)}; }
inline Finding warning(std::string sentence, std::string next, std::vector<std::string> fix = {}) {
  return {State::warning, std::move(sentence), std::move(next), std::move(fix)};
}
inline Finding failed(std::string sentence, std::string next, std::vector<std::string> fix = {}) {
  return {State::failed, std::move(sentence), std::move(next), std::move(fix)};
}
inline Finding skipped(std::string why) { return {State::skipped, "skipped: " + std::move(why)}; }

/// What a check is about, in the order of the report.
enum class Group {
  docker,
  connection,
  docker_config,
  stores,
  network,
  snowflake,
  registry,
  repository,
  kubernetes
};
std::string_view title_of(Group);

/// A finding, and what was checked.
struct Result {
  std::string id;     ///< for programs; never changes its meaning
  std::string title;  ///< for users
  Group group = Group::docker;
  Finding finding;
};

/// What was checked and what was found, in the order of the checks.
struct Report {
  std::string host;        ///< of the registry; empty when it is not known
  std::string repository;  ///< `DATABASE.SCHEMA.REPOSITORY`; empty when none was named
  std::vector<Result> results = {};

  /// The first failure, else the first warning; null when all is well. A check comes after those that it
  /// depends on, so this is the cause, and what follows may be its effects. A failed login that only needs
  /// the user ranks behind what `setup` fixes, because setup logs in, too.
  const Result* first_cause() const;
  /// `ok`, `warning` or `failed`.
  State state() const;
};

/// The overall result, in one sentence.
std::string verdict(const Report&);

/// The report for programs: `verdict` with `state` (ok, warning or failed), `cause` (the id of a check, or
/// null), `sentence` and `next`; `host`, `repository`, `version`, and `checks` in their order, each with
/// `id`, `title`, `group`, `state` (as above, or skipped), `sentence` and `next`.
base::OrderedJson to_json(const Report&);

// text_report.cpp

/// How a report is printed.
struct Style {
  std::size_t width = 80;
  bool folded = false;  ///< no line is wider than `width`; else each finding is one line
  bool color = false;
  bool unicode = false;  ///< else ASCII only

  /// What the locale can show: LC_ALL, else LC_CTYPE, else LANG (locale(7)).
  static Style of(const output::Terminal&, const base::Environment&);
};

/// One check: mark, title and sentence, and below them the next step; all of it `indent` cells from the left.
void print_result(std::ostream&, const Result&, const Style&, std::size_t indent = 0);

/// The verdict, then one line for each group where all is well, and below the other groups what is not. With
/// `verbose` every check has its line.
void print_report(std::ostream&, const Report&, const Style&, bool verbose);

// support_bundle.cpp

/// Throws `usage` when the file exists already and `replace` is false.
void refuse_to_replace(const std::filesystem::path& file, bool replace);

/// Writes a support bundle, to a file that only this user may read: the report and the state of this machine,
/// as JSON. It holds no secret: of variables and connections only listed names have their values, of Docker's
/// config.json only which helper serves which registry, of what is stored only names and expiry times. Throws
/// `config`.
void write_bundle(const std::filesystem::path& file, const Report&, CheckContext&);

}  // namespace plugin::doctor
