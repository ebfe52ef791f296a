// SPDX-License-Identifier: Apache-2.0
// Settings of Docker that anybody may have written: set up, taken back, and looked at with another reader of
// JSON.
#include <strings.h>

#include <cstdlib>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "docker_config/change.hpp"

namespace {

constexpr const char* host = "myorg-myacct.registry.snowflakecomputing.com";

void require(bool condition) {
  if (!condition) std::abort();
}

/// Everything but what a setup is about; of a key that comes twice the last one.
base::Json others(const std::string& text) {
  auto json = base::parse_json(text.starts_with("\xef\xbb\xbf") ? text.substr(3) : text).value();
  base::Json result = base::Json::object();
  for (const auto& [key, value] : json.items()) {
    const auto same = [&name = key](const char* other) { return strcasecmp(name.c_str(), other) == 0; };
    if (!same("credHelpers") && !same("auths") && !same("credsStore")) result[key] = value;
  }
  return result;
}

void set_up_and_take_back(const std::string& text) {
  if (base::trim(text).empty()) return;
  const docker_config::Wish wish{.hosts = {host}, .default_store = "pass"};
  const auto plan = docker_config::plan(text, "config.json", wish);
  require(others(plan.text) == others(plan.without_logins));
  require(docker_config::plan(plan.text, "config.json", wish).is_empty());
  const auto change = docker_config::change_of("config.json", text, plan);
  require(docker_config::take_back(plan.text, change).text == plan.without_logins ||
          docker_config::take_back(plan.text, change).text == text);
  const auto by_name = docker_config::take_back(plan.text + " ", change);
  require(by_name.text.has_value());
  require(others(*by_name.text) == others(plan.text));
  docker_config::without_secrets(text, "config.json");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  try {
    set_up_and_take_back({data, size});
  } catch (const base::Error&) {
  }
  return 0;
}
