// SPDX-License-Identifier: Apache-2.0
#include "settings_file/setting.hpp"

#include <algorithm>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "docker/registry_host.hpp"

namespace plugin::settings_file {
namespace {

using base::Error;
using base::Kind;

constexpr std::string_view registries = "registries";

[[noreturn]] void refuse(std::string_view text, const std::string& prefix,
                         const std::vector<std::string>& known, const std::string& word) {
  const auto meant = base::nearest(word, known);
  throw Error(Kind::usage, "'" + base::printable(text, 200) + "' is not a setting",
              meant.empty() ? "the settings are: " + prefix + base::join(known, ", " + prefix)
                            : "did you mean " + prefix + meant + "?");
}

std::vector<std::string> plain_names() {
  std::vector<std::string> names;
  for (const auto& setting : plain_settings) names.emplace_back(setting.name);
  names.push_back("registries.<host>.connection");
  names.push_back("registries.<host>.role");
  return names;
}

std::string_view without_quotes(std::string_view text) {
  const bool is_quoted =
      text.size() > 1 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
  return is_quoted ? text.substr(1, text.size() - 2) : text;
}

}  // namespace

Setting Setting::parse(std::string_view text) {
  const auto first = text.substr(0, text.find('.'));
  if (first != registries) {
    const bool is_plain = std::ranges::find(plain_settings, text, &Plain::name) != plain_settings.end();
    if (!is_plain) refuse(text, "", plain_names(), std::string{text});
    return {{}, std::string{text}};
  }
  // The name of a host has dots of its own.
  const auto last = text.rfind('.');
  if (last == std::string_view::npos || last <= first.size())
    refuse(text, "", plain_names(), std::string{text});
  const std::string name{text.substr(last + 1)};
  const auto host = listed_host(without_quotes(text.substr(first.size() + 1, last - first.size() - 1)));
  if (std::ranges::find(registry_settings, name) == registry_settings.end()) {
    refuse(text, "registries.<host>.", {registry_settings.begin(), registry_settings.end()}, name);
  }
  if (host.empty()) {
    throw Error(Kind::usage, "'" + base::printable(text, 200) + "' has no name of a host in it",
                "write registries.<host>." + name);
  }
  return {host, name};
}

std::string Setting::text() const {
  return host.empty() ? name : std::string{registries} + ".\"" + host + "\"." + name;
}

std::string listed_host(std::string_view spelling) {
  if (const auto genuine = docker::RegistryHost::parse(spelling)) return genuine->name();
  return docker::normalized_host(spelling).value_or("");
}

}  // namespace plugin::settings_file
