// SPDX-License-Identifier: Apache-2.0
// Times whole processes, one of each in turn, so that whatever else the machine does hits all of them alike.
//   measure ROUNDS < programs.json
// Programs are [{"name", "command": [...], "stdin", "environment": {...}, "every"}]; one with "every": 50
// runs in every fiftieth round; each runs once more before the first of several rounds. Prints [{"name",
// "runs", "median_us", "peak_kib", "statuses"}].
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fcntl.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace {

using Json = nlohmann::ordered_json;

struct Program {
  explicit Program(const Json& json)
      : name(json.at("name")), words(json.at("command")), every(json.value("every", 1)) {
    input = open("/tmp", O_TMPFILE | O_RDWR, 0600);
    const std::string text = json.value("stdin", "");
    if (input < 0 || write(input, text.data(), text.size()) < 0)
      throw std::runtime_error("no temporary file");
    for (char** entry = environ; *entry != nullptr; ++entry) variables.emplace_back(*entry);
    const Json more = json.value("environment", Json::object());
    for (const auto& [key, value] : more.items()) {
      std::erase_if(variables, [&](const std::string& v) { return v.starts_with(key + "="); });
      variables.push_back(key + "=" + value.get<std::string>());
    }
  }

  void run() {
    lseek(input, 0, SEEK_SET);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    auto argv = pointers(words);
    auto envp = pointers(variables);
    pid_t pid = 0;
    int status = 0;
    rusage usage{};
    const auto start = std::chrono::steady_clock::now();
    const int error = posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), envp.data());
    if (error == 0) wait4(pid, &status, 0, &usage);
    const auto end = std::chrono::steady_clock::now();
    posix_spawn_file_actions_destroy(&actions);
    statuses.insert(error == 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    microseconds.push_back(std::chrono::duration<double, std::micro>(end - start).count());
    peak_kib = std::max(peak_kib, usage.ru_maxrss);
  }

  Json result() {
    std::ranges::sort(microseconds);
    return {{"name", name},
            {"runs", microseconds.size()},
            {"median_us", microseconds[microseconds.size() / 2]},
            {"peak_kib", peak_kib},
            {"statuses", statuses}};
  }

  static std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    for (auto& text : texts) result.push_back(text.data());
    result.push_back(nullptr);
    return result;
  }

  std::string name;
  std::vector<std::string> words;
  std::vector<std::string> variables;
  int every;
  int input = -1;
  std::vector<double> microseconds;
  long peak_kib = 0;
  std::set<int> statuses;
};

}  // namespace

int main(int, char** argv) {
  std::vector<Program> programs;
  for (const auto& json : Json::parse(std::cin)) programs.emplace_back(json);
  const int rounds = std::atoi(argv[1]);
  if (rounds > 1) {
    for (auto& program : programs) program.run();  // once to warm up
    for (auto& program : programs) program.microseconds.clear();
  }
  for (int round = 0; round < rounds; ++round) {
    for (auto& program : programs) {
      if (round % program.every == 0) program.run();
    }
  }
  Json results = Json::array();
  for (auto& program : programs) results.push_back(program.result());
  std::cout << results.dump(1) << '\n';
}
