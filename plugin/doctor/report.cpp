// SPDX-License-Identifier: Apache-2.0
#include "doctor/report.hpp"

#include <algorithm>
#include <array>

#include "version.hpp"

namespace plugin::doctor {

std::string_view word_for(State state) {
  constexpr std::array<std::string_view, 4> words = {"ok", "warning", "failed", "skipped"};
  return words.at(static_cast<std::size_t>(state));
}

std::string_view title_of(Group group) {
  constexpr std::array<std::string_view, 9> titles = {"Docker",       "Connection", "Docker's config",
                                                      "Token stores", "Network",    "Snowflake",
                                                      "Registry",     "Repository", "Kubernetes"};
  return titles.at(static_cast<std::size_t>(group));
}

const Result* Report::first_cause() const {
  for (const auto state : {State::failed, State::warning}) {
    const auto found =
        std::ranges::find_if(results, [&](const Result& result) { return result.finding.state == state; });
    if (found == results.end()) continue;
    // `setup`, which makes Docker ask the helper, also logs in.
    if (found->finding.is_fixed_by("login")) {
      const auto setup = std::ranges::find_if(
          found, results.end(), [](const Result& result) { return result.finding.is_fixed_by("setup"); });
      if (setup != results.end()) return &*setup;
    }
    return &*found;
  }
  return nullptr;
}

State Report::state() const {
  const auto* cause = first_cause();
  return cause == nullptr ? State::ok : cause->finding.state;
}

std::string verdict(const Report& report) {
  if (const auto* cause = report.first_cause()) {
    return (cause->finding.state == State::warning ? "it works, with a warning: " : "it does not work: ") +
           cause->finding.sentence;
  }
  const auto& results = report.results;
  if (std::ranges::find(results, Group::kubernetes, &Result::group) != results.end())
    return "everything works: the kubelet of this node logs in to " + report.host;
  if (report.repository.empty())
    return "everything works: docker push and docker pull log in to " + report.host;
  const bool may_push = std::ranges::find(results, "push", &Result::id) != results.end();
  return std::string{"everything works: you may "} + (may_push ? "push to and pull from " : "pull from ") +
         report.repository;
}

base::OrderedJson to_json(const Report& report) {
  const auto* cause = report.first_cause();
  auto checks = base::OrderedJson::array();
  for (const auto& [id, title, group, finding] : report.results) {
    checks.push_back({{"id", id},
                      {"title", title},
                      {"group", title_of(group)},
                      {"state", word_for(finding.state)},
                      {"sentence", finding.sentence},
                      {"next", finding.next}});
  }
  base::OrderedJson json;
  json["verdict"] = {{"state", word_for(report.state())},
                     {"cause", cause == nullptr ? base::OrderedJson{} : base::OrderedJson(cause->id)},
                     {"sentence", verdict(report)},
                     {"next", cause == nullptr ? "" : cause->finding.next}};
  json["host"] = report.host;
  json["repository"] = report.repository;
  json["version"] = version;
  json["checks"] = std::move(checks);
  return json;
}

}  // namespace plugin::doctor
