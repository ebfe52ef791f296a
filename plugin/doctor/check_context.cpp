// SPDX-License-Identifier: Apache-2.0
#include "doctor/check_context.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "connection_file/new_connection.hpp"
#include "docker_config/container_tools.hpp"
#include "names/image_reference.hpp"

namespace plugin::doctor {
namespace {

using base::Error;
using base::Kind;

constexpr std::chrono::seconds whole_timeout{50};

std::string did_you_mean(const std::string& host) {
  const auto meant = connection_file::registry_host_meant(host);
  return meant ? "did you mean " + *meant + "?"
               : "registries are called <organization>-<account>.registry.snowflakecomputing.com";
}

names::ImageReference parse_reference(const std::string& text) {
  auto reference = names::ImageReference::parse(text);
  const bool may_be_path = !reference.repository.schema() && reference.image.find('/') != std::string::npos;
  const bool names_image = !reference.tag.empty() || !reference.digest.empty();
  return may_be_path && !names_image ? names::ImageReference::parse_repository(text) : reference;
}

}  // namespace

std::string shell_word(const std::string& text) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
  if (!text.empty() && text.find_first_not_of(plain) == std::string::npos) return text;
  std::string word = "'";
  for (const char c : base::printable(text, 4096)) word += c == '\'' ? "'\\''" : std::string(1, c);
  return word + "'";
}

CheckContext::CheckContext(Context& command_context, const cli::CommandOptions& given,
                           const std::optional<std::string>& target)
    : environment(command_context.environment),
      clock(command_context.clock),
      prompter(command_context.prompter),
      options(given),
      deadline(clock, whole_timeout),
      resolver(command_context.resolver),
      wiring(environment, clock, resolver, whole_timeout, nullptr),
      redaction(environment),
      command_(command_context) {
  if (target) set_target(*target);
  if (host) return;
  try {
    host = resolver.registry_of(find_connection());
  } catch (const Error&) {
    // No connection determines it: the check of the host says why.
  }
}

void CheckContext::set_target(const std::string& text) {
  const auto find = [this](const std::string& name) -> std::optional<docker::RegistryHost> {
    try {
      return resolver.find(name);
    } catch (const Error&) {
      return std::nullopt;  // the settings cannot be read: their check says so
    }
  };
  if (text.find('/') == std::string::npos) host = find(text);
  const auto target = host ? Target{text, std::nullopt} : parse_target(text);
  written_host = target.host;
  repository = target.repository;
  if (target.connection) cli::choose(options.selection, *target.connection, "@" + *target.connection);
  if (written_host && !host) host = find(*written_host);
  if (written_host && !host) {
    throw Error(Kind::usage, base::printable(*written_host, 200) + " is not a Snowflake registry",
                did_you_mean(*written_host));
  }
}

bool CheckContext::connection_is_chosen() const { return !options.selection.empty(); }

bool CheckContext::connection_is_ambiguous() const {
  const auto& connections = resolver.connections();
  return !connection_is_chosen() && !written_host && !connections.has_default() &&
         connections.names().size() > 1;
}

config::Connection CheckContext::find_connection() {
  if (written_host && host && !connection_is_chosen()) return resolver.connection_for(*host);
  try {
    if (connection_is_chosen())
      return resolver.with_registry_settings(cli::connection_of(options, command_), options.selection);
    auto found = resolver.connections().select({});
    if (const auto bound = resolver.host_bound_elsewhere(found)) return resolver.connection_for(*bound);
    return resolver.with_registry_settings(std::move(found), options.selection);
  } catch (const Error&) {
    if (connection_is_chosen()) throw;
    const auto hosts = resolver.hosts();
    if (hosts.empty() && resolver.connections().names().empty()) throw cli::no_connection(command_);
    const bool is_known = hosts.size() == 1 || (!hosts.empty() && connection_is_ambiguous());
    const auto first = is_known ? resolver.find(hosts.front()) : std::nullopt;
    if (!first) throw;
    return resolver.connection_for(*first);
  }
}

std::filesystem::path CheckContext::docker_directory() const {
  return docker_config::docker_file(environment, command_.docker_config).parent_path();
}

const docker_config::DockerConfig& CheckContext::docker_config() {
  if (!docker_config_) {
    const auto file = docker_file();
    docker_config_ = docker_config::DockerConfig::read(base::read_file(file).value_or(""), file.string());
    redaction.add(*docker_config_);
  }
  return *docker_config_;
}

Target parse_target(const std::string& text) {
  std::string_view rest = text;
  const auto scheme = rest.find("://");
  if (scheme != std::string_view::npos) rest.remove_prefix(scheme + 3);
  while (rest.ends_with('/')) rest.remove_suffix(1);
  const auto slash = std::min(rest.find('/'), rest.size());
  const std::string host{rest.substr(0, slash)};
  const auto path = rest.substr(std::min(slash + 1, rest.size()));
  // A name with a hyphen is an incomplete host: names of repositories have none.
  const bool is_host = scheme != std::string_view::npos || names::looks_like_host(host) ||
                       (path.empty() && host.find('-') != std::string::npos);
  const bool has_host = is_host && !text.starts_with('@');
  const auto first = path.substr(0, path.find('/'));
  if (has_host && (path.empty() || first == "v1" || first == "v2")) return {text, std::nullopt};
  try {
    auto reference = has_host ? names::ImageReference::parse_path(path) : parse_reference(text);
    if (has_host) reference.host = host;
    return {reference.host,
            Repository{reference.repository, base::to_upper(reference.repository.text()), reference.image},
            reference.connection};
  } catch (const Error& error) {
    throw Error(Kind::usage, error.what(), error.next_step());
  }
}

}  // namespace plugin::doctor
