// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/error.hpp"
#include "doctor/check.hpp"
#include "doctor/delayed_spinner.hpp"

namespace plugin::doctor {
namespace {

/// Titles by id, of what is broken: for itself, and for all that was skipped because of it.
using Causes = std::map<std::string_view, std::string_view>;

Finding look(const Check& check, Examination& examination, const Causes& causes) {
  for (const auto id : check.ground) {
    if (const auto cause = causes.find(id); cause != causes.end())
      return skipped("because of " + std::string{cause->second});
  }
  try {
    const DelayedSpinner notice{examination.context.prompter, std::string{"looking at: "} + check.title};
    return check.look(examination);
  } catch (const base::Error& error) {
    return broken(error.what(), error.hint());
  }
}

}  // namespace

Report examine(const std::vector<Check>& checks, Examination& examination,
               const std::function<void(const Result&)>& tell) {
  Report report;
  Causes causes;
  for (const auto& check : checks) {
    Result result{check.id, check.title, look(check, examination, causes)};
    const auto& finding = result.finding;
    if (finding.state == State::broken) causes.emplace(check.id, check.title);
    if (finding.state == State::skipped) {
      for (const auto id : check.ground) {
        if (const auto cause = causes.find(id); cause != causes.end()) {
          causes.emplace(check.id, cause->second);
          break;
        }
      }
    }
    report.results.push_back(examination.redaction.clean(std::move(result)));
    tell(report.results.back());
  }
  report.host = examination.host ? examination.host->name() : "";
  report.repository = examination.repository ? examination.repository->name : "";
  return report;
}

}  // namespace plugin::doctor
