// SPDX-License-Identifier: Apache-2.0
#include "doctor/check_context.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "docker_config/config_file.hpp"
#include "names/image_reference.hpp"

namespace plugin::doctor {
namespace {

using base::Error;
using base::Kind;

constexpr std::chrono::seconds whole_timeout{50};

/// What a user may have meant who wrote the host of an account.
std::string did_you_mean(const std::string& host) {
  const auto normalized = docker::normalized_host(host).value_or("");
  const auto domain = normalized.find(".snowflakecomputing.");
  if (domain == std::string::npos)
    return "registries are called <organization>-<account>.registry.snowflakecomputing.com";
  const auto label = normalized.substr(0, normalized.find('.'));
  const auto meant = docker::RegistryHost::parse(label + ".registry" + normalized.substr(domain));
  return meant ? "did you mean " + meant->name() + "?" : "check its spelling";
}

/// The name and the tag or digest of `image:tag`.
std::pair<std::string, std::string> split_tag(const std::string& reference) {
  const auto mark = reference.find_first_of(":@");
  if (mark == std::string::npos) return {reference, ""};
  return {reference.substr(0, mark), reference.substr(mark + 1)};
}

Repository repository_at(const std::vector<std::string>& path, const std::string& text) {
  if (path.size() < 3 || std::ranges::find(path, "") != path.end()) {
    throw Error(Kind::usage, "'" + base::printable(text, 200) + "' is not an image repository",
                "write <host>/<database>/<schema>/<repository>, or <database>.<schema>.<repository>");
  }
  auto [repository, tag] = split_tag(path[2]);
  const std::string name = base::to_upper(path[0] + "." + path[1] + "." + repository);
  std::string image;
  if (path.size() > 3) {
    std::tie(image, tag) = split_tag(base::join({path.begin() + 3, path.end()}, "/"));
  }
  return {names::ObjectName::parse_repository(name), name, image, tag};
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

CheckContext::CheckContext(Context& of_command, const cli::CommandOptions& given,
                           const std::optional<std::string>& target)
    : environment(of_command.environment),
      clock(of_command.clock),
      prompter(of_command.prompter),
      options(given),
      deadline(clock, whole_timeout),
      resolver(of_command.resolver),
      wiring(environment, clock, resolver, whole_timeout, nullptr),
      redaction(environment),
      command_(of_command) {
  if (target) aim(*target);
  if (!host) aim_at_connection();
}

/// When no connection determines the host, the check of the host says why.
void CheckContext::aim_at_connection() {
  try {
    host = resolver.registry_of(find_connection());
  } catch (const Error&) {
    host.reset();
  }
}

void CheckContext::aim(const std::string& text) {
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

bool CheckContext::connection_is_chosen() const {
  const auto& selection = options.selection;
  return selection.name || selection.temporary || !selection.options.empty();
}

bool CheckContext::connection_is_open() const {
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
    const bool is_known = hosts.size() == 1 || (!hosts.empty() && connection_is_open());
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

base::Secret CheckContext::authorization_for(const std::string& scope) {
  return registry_client().bearer(*challenge, token->credential_for(host->name(), clock.now()), scope);
}

Target parse_target(const std::string& text) {
  // A hyphen: the host is not complete, but no repository has one.
  const auto slash = text.find('/');
  const bool is_host = names::looks_like_host(text.substr(0, slash)) ||
                       (slash == std::string::npos && text.find('-') != std::string::npos);
  if (text.starts_with('@') || !is_host) {
    try {
      auto named = names::ImageReference::parse(text);
      const bool is_path = !named.repository.schema() && named.image.find('/') != std::string::npos;
      if (is_path && named.tag.empty() && named.digest.empty())
        named = names::ImageReference::parse_repository(text);
      const std::string tag = named.tag.empty() ? named.digest : named.tag;
      return {named.host,
              Repository{named.repository, base::to_upper(named.repository.text()), named.image,
                         tag.empty() ? "" : tag.substr(1)},
              named.connection};
    } catch (const Error& error) {
      throw Error(Kind::usage, error.what(), error.next_step());
    }
  }
  std::string_view rest = text;
  if (const auto scheme = rest.find("://"); scheme != std::string_view::npos) rest.remove_prefix(scheme + 3);
  while (rest.ends_with('/')) rest.remove_suffix(1);
  auto path = base::split(rest, '/');
  const std::string host = path.front();
  path.erase(path.begin());
  const bool is_api = !path.empty() && (path[0] == "v2" || path[0] == "v1");
  if (path.empty() || is_api) return {text, std::nullopt};
  return {host, repository_at(path, text)};
}

}  // namespace plugin::doctor
