// SPDX-License-Identifier: Apache-2.0
#include "hooks.hpp"

#include "base/json.hpp"

namespace plugin {

std::string answer_hook(const std::string& request) {
  const auto json = base::parse_json(request);
  if (!json) return {};
  const auto error = base::text_at(*json, "CommandError").value_or("");
  if (error.find("registry.snowflakecomputing.") == std::string::npos &&
      error.find("registry.privatelink.snowflakecomputing.") == std::string::npos) {
    return {};
  }
  // Docker fills templates in: nothing of the error may become one.
  return base::OrderedJson{{"Type", 0},
                           {"Template",
                            "Snowflake's registry refused that.\n  docker snowflake doctor   finds out why\n"
                            "  docker snowflake login    signs in anew"}}
      .dump();
}

}  // namespace plugin
