// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "doctor/checks.hpp"
#include "snowflake/auth/authenticator.hpp"

namespace plugin::doctor {
namespace {

/// The ways whose proof is made of what this machine has, asking nobody.
bool proof_is_local(const std::string& authenticator) {
  constexpr std::array<std::string_view, 4> names = {"SNOWFLAKE", "SNOWFLAKE_JWT",
                                                     "PROGRAMMATIC_ACCESS_TOKEN", "OAUTH"};
  return std::ranges::find(names, authenticator) != names.end();
}

bool are_of_one_account(const docker::RegistryHost& left, const docker::RegistryHost& right) {
  if (left.account_label().empty() || right.account_label().empty()) return left == right;
  return left.account_label() == right.account_label() && left.top_level_domain() == right.top_level_domain();
}

std::string existing(const std::vector<std::filesystem::path>& files) {
  std::vector<std::string> names;
  for (const auto& file : files) {
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored)) names.push_back(file.string());
  }
  return base::join(names, " and ");
}

}  // namespace

Finding look_at_settings(Examination& examination) {
  const auto& settings = examination.context.resolver.settings();
  const std::string file = existing({settings.file});
  return good(file.empty() ? "none: everything is as it comes" : file);
}

Finding look_at_connection_files(Examination& examination) {
  const auto& connections = examination.context.resolver.connections();
  if (!connections.warnings().empty())
    return odd(connections.warnings().front(), "correct it, or 'snow connection list' shows something else");
  const auto& files = examination.context.resolver.paths();
  const std::string found = existing({files.config, files.connections});
  return good(found.empty() ? "none: variables alone have to do" : found);
}

Finding look_at_connection(Examination& examination) {
  auto connection = examination.find_connection();
  examination.redaction.add(connection);
  const auto account = config::account_of(connection);
  if (!examination.host) examination.host = examination.context.resolver.registry_of(connection);
  if (examination.connection_is_chosen()) {
    const auto own = examination.context.resolver.registry_of(connection);
    if (!are_of_one_account(own, *examination.host)) {
      return broken("the connection that was chosen leads to " + own.name() + ", and not to " +
                        examination.host->name(),
                    "leave out one of the two: a registry only ever gets a token of its own account");
    }
  }
  const std::string name = connection.name.empty() ? "made of variables and options" : connection.name;
  const std::string user = connection.text("user");
  examination.connection = std::move(connection);
  return good(name + ": " + (user.empty() ? "" : user + " at ") + account.host);
}

Finding look_at_proof(Examination& examination) {
  const auto& connection = *examination.connection;
  if (connection.has("session_token")) return good("a session that was opened elsewhere");
  const auto account = config::account_of(connection);
  const std::string authenticator = connection.authenticator();
  const snowflake::AuthContext context{
      connection,
      account,
      examination.context.environment,
      examination.context.clock,
      examination.wiring.http(),
      {*examination.wiring.stores().credentials, account.host, base::to_upper(connection.text("user"))},
      nullptr};
  const auto way = snowflake::make_authenticator(context);
  if (proof_is_local(authenticator)) {
    auto data = base::Json::object();
    way->prepare();
    way->add_to(data);
  }
  return good(base::printable(authenticator, 100));
}

}  // namespace plugin::doctor
