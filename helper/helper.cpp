// SPDX-License-Identifier: Apache-2.0
#include "helper.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "base/text.hpp"
#include "docker/registry.hpp"
#include "token/token_cache.hpp"
#include "version.hpp"

namespace helper {
namespace {

constexpr std::string_view program = "docker-credential-snowflake";

constexpr const char* usage = "Usage: docker-credential-snowflake <get|store|erase|list|version>";
constexpr std::string_view help =
    R"(docker-credential-snowflake logs Docker in to Snowflake's image registries.

Usage: docker-credential-snowflake <get|store|erase|list|version>

Docker runs this program by itself once its config.json says so:

  {
    "credHelpers": {
      "<organization>-<account>.registry.snowflakecomputing.com": "snowflake"
    }
  }

get      reads a registry host, prints a credential for it as JSON
store    accepts the credential from 'docker login', but does not store it
erase    erases the cached token of a registry host
list     prints the registry hosts of your Snowflake CLI connections
version  prints the version of this program

On a node of a Kubernetes cluster, each with a --help of its own:

kubelet-credential-provider                   answers a kubelet
kubelet-install, kubelet-check, kubelet-undo  set that up

To log in, and to see what is cached:

  docker snowflake login
  docker snowflake status
)";

std::string with_next_step(std::string sentence, const std::string& step) {
  if (!step.empty()) sentence += (sentence.ends_with('.') ? " Next: " : ". Next: ") + step;
  return sentence;
}

using ReadInput = std::function<std::string()>;

std::string read_all(const ReadInput& read_input) {
  auto text = read_input();
  if (text.size() > max_input)
    throw base::Error(base::Kind::usage, "the request on standard input is longer than a megabyte");
  return text;
}

std::string read_server_url(const ReadInput& read_input) {
  std::string url{base::trim(read_all(read_input))};
  if (url.empty()) throw base::Error(base::Kind::usage, std::string{docker::no_server_url_text});
  if (url.starts_with('{') && url.find("CredentialProviderRequest") != std::string::npos) {
    throw base::Error(base::Kind::usage,
                      "standard input is a kubelet's CredentialProviderRequest, not a registry host",
                      "set args: [\"kubelet-credential-provider\"] in the provider's entry");
  }
  return url;
}

/// The registry that `get` is called for, if it is a Snowflake registry or one in the settings. When the
/// settings cannot be read, other hosts are `not_found`, with the reason for the user: as `credsStore`, and
/// in podman's list of helpers, this program is called for every registry, and an error in its settings must
/// not block the others.
std::optional<docker::RegistryHost> registry_to_get(const std::string& url,
                                                    config::RegistryResolver& resolver) {
  if (auto host = docker::RegistryHost::parse(url)) return host;
  try {
    return resolver.find(url);
  } catch (const base::Error& error) {
    throw base::Error(base::Kind::not_found, error.what(), error.next_step());
  }
}

Answer get(const ReadInput& read_input, Dependencies& dependencies) {
  const std::string url = read_server_url(read_input);
  const auto reply = [&](const token::RegistryToken& token) {
    const auto json = docker::to_json(token.credential_for(url, dependencies.clock.now()));
    return Answer{base::Secret::join({json.reveal(), "\n"}), {}};
  };
  const auto host = registry_to_get(url, dependencies.resolver);
  if (!host) return report({base::Kind::not_found, std::string{docker::not_found_text}});
  if (const auto ready = token::find_ready_token(*host, dependencies.config_fingerprint, dependencies.ready,
                                                 dependencies.clock.now())) {
    return reply(*ready);
  }
  return reply(dependencies.token_for(*host));
}

/// Stores nothing: tokens come from the user's connection, and 'docker login' passes back what `get`
/// returned. Refuses a password or other token that the user typed, since it would be lost silently.
Answer store(const ReadInput& read_input, Dependencies& dependencies) {
  const auto credential = docker::parse_credential(read_all(read_input));
  const auto host = dependencies.resolver.find(credential.server_url);
  if (!host) {
    throw base::Error(
        base::Kind::usage,
        "'" + base::printable(credential.server_url, 200) +
            "' is not a Snowflake registry, so this helper cannot store its login",
        "remove its \"snowflake\" entry from credHelpers or credsStore in Docker's config.json");
  }
  dependencies.resolver.check(*host);
  if (credential.username == token::session_token_user) return {};
  throw base::Error(base::Kind::usage,
                    "the login of '" + base::printable(credential.username, 100) +
                        "' is not stored: " + host->name() + " uses a Snowflake CLI connection to log in",
                    "set the password or token in that connection, and push without 'docker login'");
}

Answer erase(const ReadInput& read_input, Dependencies& dependencies) {
  const std::string url = read_server_url(read_input);
  Answer answer;
  // Never fails, because 'docker logout' would keep its own record of the login (docker/PROTOCOL.md 1.6).
  try {
    if (const auto host = dependencies.resolver.find(url)) dependencies.forget(*host);
  } catch (const base::Error& error) {
    answer.err = error_lines(error);
  }
  return answer;
}

Answer list(Dependencies& dependencies) {
  Answer answer;
  base::Json hosts = base::Json::object();
  // Never fails, because some builders call `list` of every helper (docker/PROTOCOL.md 1.3).
  try {
    for (const auto& host : dependencies.resolver.hosts()) hosts[host] = token::session_token_user;
  } catch (const base::Error& error) {
    answer.err = error_lines(error);
  }
  answer.out = base::Secret{base::dump_json(hosts) + '\n'};
  return answer;
}

}  // namespace

Answer answer(const std::vector<std::string_view>& arguments, const ReadInput& read_input,
              Dependencies& dependencies) {
  const auto action = arguments.size() == 1 ? arguments.front() : std::string_view{};
  if (action == "get") return get(read_input, dependencies);
  if (action == "store") return store(read_input, dependencies);
  if (action == "erase") return erase(read_input, dependencies);
  if (action == "list") return list(dependencies);
  if (action == "version" || action == "--version" || action == "-v") {
    return {base::Secret::join({program, " (", project_url, ") ", version, "\n"}), {}};
  }
  if (action == "--help" || action == "-h") return {base::Secret{help}, {}};
  if (action.empty()) {
    throw base::Error(base::Kind::usage, usage,
                      "see docker-credential-snowflake --help; in a kubelet's provider entry, set "
                      "args: [\"kubelet-credential-provider\"]");
  }
  if (action.starts_with("kubelet")) {
    throw base::Error(base::Kind::usage, "unknown action: " + base::printable(action, 100),
                      "set args: [\"kubelet-credential-provider\"] in the provider's entry");
  }
  throw base::Error(base::Kind::usage, "unknown action: " + base::printable(action, 100), usage);
}

Answer report(const base::Error& error) {
  const bool not_found = error.kind() == base::Kind::not_found;
  std::string line = not_found ? std::string{docker::not_found_text} : on_one_line(error);
  // docker-py calls `get` for every host before each build, and aborts the build after an error, unless the
  // message contains this text. Other clients compare the whole message (docker/PROTOCOL.md 1.3).
  if (!not_found && error.kind() != base::Kind::usage)
    line += " (" + std::string{docker::not_found_text} + ")";
  Answer answer{base::Secret{line + '\n'}, {}, 1};
  // Docker up to version 28 shows only the standard error of a helper. For other registries, print nothing.
  if (not_found && error.hint().empty()) return answer;
  answer.err = error_lines(error);
  return answer;
}

std::string error_lines(const base::Error& error) {
  std::string lines = std::string{program} + ": " + error.what() + '\n';
  if (!error.hint().empty()) lines += std::string{program} + ": next: " + error.hint() + '\n';
  return lines;
}

std::string on_one_line(const base::Error& error) {
  auto line = with_next_step(error.what(), error.hint());
  std::ranges::replace(line, '\n', ' ');
  return line;
}

}  // namespace helper
