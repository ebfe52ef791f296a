// SPDX-License-Identifier: Apache-2.0
#include "doctor/report.hpp"

#include <algorithm>

namespace plugin::doctor {

std::string_view word_for(State state) {
  switch (state) {
    case State::good:
      return "ok";
    case State::odd:
      return "warning";
    case State::broken:
      return "failed";
    case State::skipped:
      break;
  }
  return "skipped";
}

const Result* Report::first_cause() const {
  for (const auto state : {State::broken, State::odd}) {
    const auto found =
        std::ranges::find_if(results, [&](const Result& result) { return result.finding.state == state; });
    if (found != results.end()) return &*found;
  }
  return nullptr;
}

State Report::state() const {
  const auto* cause = first_cause();
  return cause == nullptr ? State::good : cause->finding.state;
}

std::string verdict(const Report& report) {
  const auto* cause = report.first_cause();
  if (cause == nullptr) {
    return report.repository.empty()
               ? "everything works: docker push and docker pull sign in to " + report.host
               : "everything works: you may push to and pull from " + report.repository;
  }
  const std::string where = cause->title + ": " + cause->finding.sentence;
  return report.state() == State::odd ? "it works; look at " + where : "the first cause is " + where;
}

}  // namespace plugin::doctor
