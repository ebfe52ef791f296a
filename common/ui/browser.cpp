// SPDX-License-Identifier: Apache-2.0
#include "ui/browser.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

#include <vector>

#include "base/text.hpp"

namespace ui {
namespace {

/// In a session of its own, so that Ctrl-C here does not end it, and without our streams.
bool start(std::vector<std::string> words, const base::Environment& environment) {
  std::vector<std::string> variables = environment.for_children();
  const auto pointers = [](std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (auto& text : texts) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
  };
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  pid_t child = 0;
  auto arguments = pointers(words);
  auto environ = pointers(variables);
  const int error =
      posix_spawnp(&child, arguments[0], &actions, &attributes, arguments.data(), environ.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error == 0;
}

/// One entry of BROWSER: `%s` stands for the address.
std::vector<std::string> command_of(const std::string& entry, const std::string& url) {
  std::vector<std::string> words;
  bool named = false;
  for (auto& word : base::split(entry, ' ')) {
    if (word.empty()) continue;
    if (const auto place = word.find("%s"); place != std::string::npos) {
      word.replace(place, 2, url);
      named = true;
    }
    words.push_back(std::move(word));
  }
  if (!named) words.push_back(url);
  return words;
}

}  // namespace

bool start_browser(const std::string& url, const base::Environment& environment) {
  if (const auto chosen = environment.non_empty("BROWSER")) {
    for (const auto& entry : base::split(*chosen, ':')) {
      if (!entry.empty() && start(command_of(entry, url), environment)) return true;
    }
    return false;
  }
  if (environment.non_empty("SSH_CONNECTION")) return false;
  if (environment.non_empty("WSL_DISTRO_NAME") && start({"wslview", url}, environment)) return true;
  const bool desktop = environment.non_empty("DISPLAY") || environment.non_empty("WAYLAND_DISPLAY");
  return desktop && start({"xdg-open", url}, environment);
}

}  // namespace ui
