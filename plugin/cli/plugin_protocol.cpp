// SPDX-License-Identifier: Apache-2.0
#include "cli/plugin_protocol.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstddef>
#include <system_error>
#include <thread>

#include "base/file.hpp"
#include "base/json.hpp"
#include "docker/registry.hpp"
#include "version.hpp"

namespace plugin::cli {
namespace {

constexpr std::string_view reference_characters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/:@";

/// The first image reference in `text` whose host is a Snowflake registry; empty when there is none. It holds
/// nothing that Docker's templates or a shell would read as more than a word.
std::string snowflake_reference_in(std::string_view text) {
  while (!text.empty()) {
    const auto begin = std::min(text.find_first_of(reference_characters), text.size());
    text.remove_prefix(begin);
    const auto end = std::min(text.find_first_not_of(reference_characters), text.size());
    auto word = text.substr(0, end);
    text.remove_prefix(end);
    if (const auto scheme = word.find("://"); scheme != std::string_view::npos)
      word.remove_prefix(scheme + 3);
    while (word.ends_with(':') || word.ends_with('.')) word.remove_suffix(1);
    if (docker::RegistryHost::parse(word.substr(0, word.find('/')))) return std::string{word};
  }
  return {};
}

/// The command line of the docker that started this program, with spaces between its words; empty when it
/// cannot be read.
std::string command_line_of_docker() {
  constexpr std::size_t max_bytes = 1U << 20;
  try {
    auto text = base::read_file("/proc/" + std::to_string(getppid()) + "/cmdline", max_bytes).value_or("");
    std::ranges::replace(text, '\0', ' ');
    return text;
  } catch (const base::Error&) {
    return {};
  }
}

/// A connection to a Unix socket; -1 when there is none.
int connect_to(const std::string& name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (name.size() >= sizeof address.sun_path) return -1;
  name.copy(address.sun_path, name.size());
  // The name of an abstract socket begins with a zero byte, written as @.
  if (name.front() == '@') address.sun_path[0] = '\0';
  const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  if (connect(descriptor, reinterpret_cast<const sockaddr*>(&address), length) == 0) return descriptor;
  close(descriptor);
  return -1;
}

}  // namespace

std::string metadata() {
  const base::OrderedJson json = {{"SchemaVersion", "0.1.0"},
                                  {"Vendor", "docker-credential-snowflake"},
                                  {"Version", version},
                                  {"ShortDescription", "Snowflake image registries"},
                                  {"URL", project_url}};
  return json.dump();
}

std::string answer_hook(const std::string& request) {
  const auto json = base::parse_json(request);
  if (!json) return {};
  const auto error = base::text_at(*json, "CommandError").value_or("");
  if (error.empty()) return {};
  // "unauthorized: authentication required" names no registry; the command line does.
  const auto named = snowflake_reference_in(command_line_of_docker());
  if (named.empty() && snowflake_reference_in(error).empty()) return {};
  const std::string reference = named.empty() ? "" : " " + named;
  return base::OrderedJson{
      {"Type", 0},
      {"Template", "This failed at a Snowflake registry.\n  docker snowflake doctor" + reference +
                       "   finds the cause\n  docker snowflake login   logs in again"}}
      .dump();
}

void end_with_docker(const base::Environment& environment) {
  const auto name = environment.non_empty("DOCKER_CLI_PLUGIN_SOCKET");
  const int descriptor = name ? connect_to(*name) : -1;
  if (descriptor < 0) return;
  try {
    std::thread{[descriptor] {
      char byte = 0;
      while (read(descriptor, &byte, 1) > 0) {
      }
      kill(getpid(), SIGTERM);
    }}.detach();
  } catch (const std::system_error&) {
    // Without a thread, Docker kills this process a little later.
    close(descriptor);
  }
}

}  // namespace plugin::cli
