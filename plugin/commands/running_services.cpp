// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <chrono>
#include <set>

#include "base/text.hpp"
#include "commands/commands.hpp"
#include "names/repository_names.hpp"
#include "snowflake/parallel_queries.hpp"

namespace plugin::commands {
namespace {

constexpr std::chrono::seconds timeout{15};
constexpr std::size_t max_services = 50;

/// Of services, as SHOW SERVICES has them (docs.snowflake.com/en/sql-reference/sql/show-services).
bool is_running(const std::string& status) {
  constexpr std::array<std::string_view, 3> running = {"PENDING", "READY", "RUNNING"};
  return std::ranges::find(running, base::to_upper(status)) != running.end();
}

/// `image` as a specification names it: `/db/schema/repo/app:1`, perhaps with the registry's host in front.
bool is_image(const std::string& image, const std::string& path) {
  const auto text = base::to_lower(image);
  const auto wanted = "/" + base::to_lower(path);
  return text.ends_with(wanted) || "/" + text == wanted;
}

std::vector<std::string> find_services(const std::string& image_path, const config::Connection& connection,
                                       Context& context) {
  Wiring wiring{context.environment, context.clock, context.resolver, timeout, nullptr};
  auto session = wiring.session(connection);
  const auto cached = session.cached();
  if (std::ranges::find(cached, "session", &snowflake::CachedCredential::kind) == cached.end()) return {};
  const auto services = session.run("show services in account");
  const auto all_names = names::qualified_names(services);
  std::vector<std::string> names;
  std::vector<std::string> statements;
  for (std::size_t row = 0; row < all_names.size() && names.size() < max_services; ++row) {
    if (!is_running(services.at(row, "status").value_or(""))) continue;
    names.push_back(all_names[row]);
    statements.push_back("show service containers in service " + names.back());
  }
  const auto outcomes = snowflake::run_parallel(
      session, statements, [&] { return wiring.new_http(connection); }, context.clock);
  std::set<std::string> found;
  for (std::size_t index = 0; index < outcomes.size(); ++index) {
    const auto& containers = outcomes[index].result;
    for (std::size_t row = 0; containers && row < containers->rows.size(); ++row) {
      if (is_image(containers->at(row, "image_name").value_or(""), image_path)) found.insert(names[index]);
    }
  }
  return {found.begin(), found.end()};
}

}  // namespace

std::vector<std::string> services_that_run(const std::string& image_path,
                                           const config::Connection& connection, Context& context) {
  try {
    return find_services(image_path, connection, context);
  } catch (const base::Error&) {
    return {};
  }
}

}  // namespace plugin::commands
