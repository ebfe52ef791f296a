// SPDX-License-Identifier: Apache-2.0
#include "doctor/json_report.hpp"

#include "version.hpp"

namespace plugin::doctor {

base::OrderedJson to_json(const Report& report) {
  const auto* cause = report.first_cause();
  auto checks = base::OrderedJson::array();
  for (const auto& [id, title, finding] : report.results) {
    checks.push_back({{"id", id},
                      {"title", title},
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
