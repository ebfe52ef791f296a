// SPDX-License-Identifier: Apache-2.0
#include "doctor/examination.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/registry_resolver.hpp"
#include "docker_config/config_paths.hpp"

namespace plugin::doctor {
namespace {

using base::Error;
using base::Kind;

constexpr std::chrono::seconds whole_timeout{50};

/// What somebody may have meant who wrote the host of an account.
std::string did_you_mean(const std::string& host) {
  const auto normalized = docker::normalized_host(host).value_or("");
  const auto domain = normalized.find(".snowflakecomputing.");
  if (domain == std::string::npos)
    return "registries are called <organization>-<account>.registry.snowflakecomputing.com";
  const auto label = normalized.substr(0, normalized.find('.'));
  const auto meant = docker::RegistryHost::parse(label + ".registry" + normalized.substr(domain));
  return meant ? "did you mean " + meant->name() + "?" : "check its spelling";
}

}  // namespace

Examination::Examination(Context& of_command, const CommandOptions& given,
                         const std::optional<std::string>& target)
    : context(of_command),
      options(given),
      deadline(context.clock, whole_timeout),
      wiring(context.environment, context.clock, context.resolver, whole_timeout, nullptr),
      redaction(context.environment) {
  if (target) {
    aim(*target);
    return;
  }
  try {
    const auto found = find_connection();
    host = context.resolver.registry_of(found);
  } catch (const Error&) {
    // The checks come to it, and say what is wrong.
  }
}

void Examination::aim(const std::string& text) {
  const auto find = [this](const std::string& name) -> std::optional<docker::RegistryHost> {
    try {
      return context.resolver.find(name);
    } catch (const Error&) {
      return std::nullopt;  // the settings cannot be read, which a check will say
    }
  };
  if (text.find('/') == std::string::npos) host = find(text);
  const auto target = host ? Target{text, std::nullopt} : parse_target(text);
  written_host = target.host;
  repository = target.repository;
  if (written_host && !host) host = find(*written_host);
  if (written_host && !host) {
    throw Error(Kind::usage, base::printable(*written_host, 200) + " is no registry of Snowflake's",
                did_you_mean(*written_host));
  }
  if (host) return;
  try {
    host = context.resolver.registry_of(find_connection());
  } catch (const Error&) {
    // As above.
  }
}

bool Examination::connection_is_chosen() const {
  const auto& selection = options.selection;
  return selection.name || selection.temporary || !selection.options.empty();
}

config::Connection Examination::find_connection() {
  if (connection_is_chosen()) return connection_of(options, context);
  if (written_host && host) return context.resolver.connection_for(*host);
  try {
    return context.resolver.connections().named(context.resolver.connections().default_name());
  } catch (const Error&) {
    const auto hosts = context.resolver.hosts();
    const auto only = hosts.size() == 1 ? context.resolver.find(hosts.front()) : std::nullopt;
    if (!only) throw;
    return context.resolver.connection_for(*only);
  }
}

std::filesystem::path Examination::docker_folder() const {
  return docker_config::docker_file(context.environment, context.docker_config).parent_path();
}

base::Secret Examination::authorization_for(const std::string& scope) {
  return registry_client().bearer(*challenge, token->credential_for(host->name(), context.clock.now()),
                                  scope);
}

}  // namespace plugin::doctor
