// SPDX-License-Identifier: Apache-2.0
#include "doctor/report.hpp"

#include <algorithm>

#include "version.hpp"

namespace plugin::doctor {

std::string_view word_for(State state) {
  switch (state) {
    case State::ok:
      return "ok";
    case State::warning:
      return "warning";
    case State::failed:
      return "failed";
    case State::skipped:
      break;
  }
  return "skipped";
}

std::string_view title_of(Group group) {
  switch (group) {
    case Group::docker:
      return "Docker";
    case Group::connection:
      return "Connection";
    case Group::docker_config:
      return "Docker's config";
    case Group::stores:
      return "Token stores";
    case Group::network:
      return "Network";
    case Group::snowflake:
      return "Snowflake";
    case Group::registry:
      return "Registry";
    case Group::repository:
      return "Repository";
    case Group::kubernetes:
      break;
  }
  return "Kubernetes";
}

const Result* Report::first_cause() const {
  for (const auto state : {State::failed, State::warning}) {
    const auto found =
        std::ranges::find_if(results, [&](const Result& result) { return result.finding.state == state; });
    if (found != results.end()) return &*found;
  }
  return nullptr;
}

State Report::state() const {
  const auto* cause = first_cause();
  return cause == nullptr ? State::ok : cause->finding.state;
}

std::string verdict(const Report& report) {
  const auto* cause = report.first_cause();
  const bool is_of_node = std::ranges::any_of(
      report.results, [](const Result& result) { return result.group == Group::kubernetes; });
  if (cause == nullptr && is_of_node)
    return "everything works: the kubelet of this node logs in to " + report.host;
  if (cause == nullptr) {
    return report.repository.empty()
               ? "everything works: docker push and docker pull log in to " + report.host
               : "everything works: you may push to and pull from " + report.repository;
  }
  const std::string where = cause->title + ": " + cause->finding.sentence;
  return report.state() == State::warning ? "it works, with a warning: " + where
                                          : "it does not work: " + where;
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
