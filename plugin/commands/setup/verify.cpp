// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ostream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/setup/setup.hpp"
#include "config/registry_resolver.hpp"
#include "registry/client.hpp"

namespace plugin::setup {
namespace {

/// A database or schema as image references have it; a placeholder where the connection names none.
std::string path_part(const config::Connection& connection, const char* key) {
  const auto name = connection.text(key);
  const bool is_simple = !name.empty() && std::ranges::all_of(name, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_';
  });
  return is_simple ? base::to_lower(name) : "<" + std::string{key} + ">";
}

config::Connection log_in(const std::string& name, Context& context) {
  const auto host = context.resolver.find(name);
  if (!host) throw base::Error(base::Kind::config, name + " is no longer in the settings");
  auto connection = context.resolver.connection_for(*host);
  const auto token = context.wiring.session(connection).registry_token(&*host);
  registry::try_credential(context.wiring.http(), name, token.credential_for(name, context.clock.now()));
  return connection;
}

}  // namespace

void verify(const std::vector<std::string>& hosts, Context& context) {
  std::size_t failures = 0;
  std::string reference;
  for (const auto& host : hosts) {
    try {
      const auto connection = log_in(host, context);
      context.out << host << "  answers, with connection '" << connection.name << "'\n";
      if (reference.empty())
        reference = host + "/" + path_part(connection, "database") + "/" + path_part(connection, "schema");
    } catch (const base::Error& error) {
      if (hosts.size() == 1) throw;
      ++failures;
      context.out << host << "  " << error.what() << '\n';
      if (!error.hint().empty()) context.out << "  next: " << error.hint() << '\n';
    }
    context.out.flush();
  }
  if (!reference.empty())
    context.out << "Push with: docker push " << reference << "/<repository>/<image>:<tag>\n";
  if (failures == 0) return;
  throw base::Error(
      base::Kind::login_required,
      std::to_string(failures) + " of " + std::to_string(hosts.size()) + " registries did not answer",
      "docker snowflake login -c <connection> tests one of them");
}

}  // namespace plugin::setup
