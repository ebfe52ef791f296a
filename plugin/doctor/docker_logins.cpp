// SPDX-License-Identifier: Apache-2.0
#include "doctor/docker_logins.hpp"

#include <algorithm>
#include <array>

#include "docker/registry_host.hpp"

namespace plugin::doctor {
namespace {

bool holds_something(const base::Json& entry) {
  constexpr std::array<std::string_view, 4> fields = {"auth", "password", "identitytoken", "registrytoken"};
  return std::ranges::any_of(
      fields, [&](std::string_view field) { return !base::text_at(entry, field).value_or("").empty(); });
}

}  // namespace

bool has_login(const base::Json& config, const std::string& host) {
  for (const auto& [key, entry] : base::member(config, "auths").items()) {
    const auto meant = docker::RegistryHost::parse(key, {host});
    if (meant && meant->name() == host && holds_something(entry)) return true;
  }
  return false;
}

}  // namespace plugin::doctor
