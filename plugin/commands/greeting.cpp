// SPDX-License-Identifier: Apache-2.0
#include "commands/commands.hpp"

#include <algorithm>
#include <ostream>
#include <span>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "doctor/checks.hpp"

namespace plugin::commands {
namespace {

constexpr std::size_t max_hosts = 3;

struct Greeting {
  std::vector<std::string> lines;
  std::string next;
  bool is_set_up = false;  ///< the next push works, as far as this machine knows
};

/// The first hosts, as many as fit on the screen.
std::span<const std::string> first_of(const std::vector<std::string>& hosts) {
  return std::span{hosts}.first(std::min(max_hosts, hosts.size()));
}

/// What is known about the next push to some hosts.
struct Outlook {
  std::optional<doctor::Finding> problem;  ///< the first reason why one fails
  std::vector<std::string> warnings;       ///< about logins that will fail later
  bool is_proven = true;                   ///< every login has worked before
};

/// As far as this machine knows.
Outlook outlook_for(const std::vector<std::string>& hosts, Context& context) {
  const cli::CommandOptions options;
  Outlook outlook;
  for (const auto& host : first_of(hosts)) {
    doctor::CheckContext check_context{context, options, host};
    const auto push = doctor::next_push(check_context, false);
    const bool is_set_up = push.docker.state != doctor::State::failed;
    auto finding = is_set_up ? push.login : push.docker;
    if (finding.state == doctor::State::skipped) outlook.is_proven = false;
    if (is_set_up && finding.state == doctor::State::warning)
      outlook.warnings.push_back(host + ": " + finding.sentence + "; next: " + finding.next);
    if (finding.state != doctor::State::failed) continue;
    if (finding.is_fixed_by("setup")) {
      finding.sentence = "Docker is not set up for " + host + " yet.";
    } else {
      finding.sentence = host + ": " + finding.sentence;
    }
    outlook.problem = std::move(finding);
    return outlook;
  }
  doctor::CheckContext check_context{context, options, std::nullopt};
  for (auto& [title, finding] : doctor::check_programs(check_context)) {
    if (finding.state != doctor::State::failed) continue;
    outlook.problem = std::move(finding);
    break;
  }
  return outlook;
}

Greeting greeting_of(Context& context) {
  Greeting greeting;
  auto& [lines, next, is_set_up] = greeting;
  const auto names = context.resolver.connections().names();
  const auto hosts = context.resolver.hosts();
  for (const auto& warning : context.resolver.connections().warnings())
    lines.push_back("warning: " + warning);
  if (names.empty() && hosts.empty()) {
    // A warning may be the reason.
    if (const auto mistake = cli::mistake_in_variables(context)) {
      lines.push_back(std::string{mistake->what()} + ".");
      next = mistake->hint();
      return greeting;
    }
    lines.push_back(lines.empty() ? "There is no Snowflake connection yet." : "No connection was found.");
    next = lines.size() == 1 ? "docker snowflake setup"
                             : "correct what the warning says, or docker snowflake setup";
    return greeting;
  }
  for (const auto& host : first_of(hosts)) lines.push_back("registry: " + host);
  if (hosts.size() > max_hosts) lines.push_back("and " + std::to_string(hosts.size() - max_hosts) + " more");
  if (hosts.empty()) {
    lines.push_back("No connection determines its registry host.");
    next = "docker snowflake setup --ask";
    return greeting;
  }
  doctor::CheckContext check_context{context, {}, std::nullopt};
  if (const auto choice = doctor::check_default(check_context); choice.state == doctor::State::warning)
    lines.push_back("warning: " + choice.sentence + "; next: " + choice.next);
  const auto outlook = outlook_for(hosts, context);
  for (const auto& warning : outlook.warnings) lines.push_back("warning: " + warning);
  if (outlook.problem) {
    lines.push_back(outlook.problem->sentence);
    next = outlook.problem->next;
  } else {
    lines.push_back(outlook.is_proven ? "Docker is set up: it logs in there automatically."
                                      : "Docker is set up: the next push logs in.");
    is_set_up = true;
    next = "docker push " + hosts.front() + "/<database>/<schema>/<repository>/<image>:<tag>";
  }
  return greeting;
}

}  // namespace

void greet(Context& context) {
  Greeting greeting;
  try {
    greeting = greeting_of(context);
  } catch (const base::Error& error) {
    greeting = {{error.what()}, error.hint()};
  }
  context.out << "Push and pull images with the connections of the Snowflake CLI.\n\n";
  for (const auto& line : greeting.lines) context.out << "  " << line << '\n';
  context.out << "\nNext: " << greeting.next << "\nAll commands: docker snowflake --help\n";
  if (!greeting.is_set_up) context.status = 1;
}

}  // namespace plugin::commands
