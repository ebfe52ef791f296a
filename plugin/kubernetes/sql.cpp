// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"
#include "base/text.hpp"
#include "kubernetes/manifests.hpp"
#include "names/image_reference.hpp"

namespace plugin::kubernetes {
namespace {

std::string name_of_user(const ServiceAccount& account) {
  std::string name = base::to_upper("K8S_" + account.kube_namespace + "_" + account.name);
  for (char& c : name) {
    if (c == '-' || c == '.') c = '_';
  }
  return name;
}

std::string checked_identifier(const std::string& text, const char* option) {
  if (snowflake::is_identifier(text)) return text;
  throw base::Error(base::Kind::usage,
                    std::string{option} + ": '" + base::printable(text, 100) + "' is not an identifier",
                    "put it in double quotes if it has characters other than letters, digits, '_' and '$'");
}

std::string grants_on(const std::string& repository, const std::string& role) {
  const auto name = names::ImageReference::parse_repository(repository).repository;
  if (!name.database() || !name.schema()) {
    throw base::Error(base::Kind::usage,
                      "--repository: '" + base::printable(repository, 100) + "' is not a full name",
                      "write it as database.schema.repository");
  }
  const snowflake::RepositoryGrants grants{*name.database(), *name.schema(), name.name(), role};
  return base::join(grants.usage(), "\n") + "\n" + grants.privilege("READ") + "\n";
}

}  // namespace

std::string sql(const SnowflakeUser& asked) {
  const auto& account = asked.account;
  const std::string user =
      asked.user.empty() ? name_of_user(account) : checked_identifier(asked.user, "--user");
  const std::string role = asked.role.empty() ? "" : checked_identifier(asked.role, "--role");
  if (role.empty() && !asked.repository.empty())
    throw base::Error(base::Kind::usage, "--repository needs a role that may read it", "add --role NAME");
  std::string text = "-- Pods of the service account " + account.kube_namespace + "/" + account.name +
                     " log in as this user, without any secret. Run it with a role that may create users.\n"
                     "-- Another service account for the same user: ALTER USER " +
                     user + " ADD WORKLOAD IDENTITY <name> TYPE = OIDC ISSUER = '...' SUBJECT = '...';\n";
  if (!role.empty()) text += "CREATE ROLE IF NOT EXISTS " + role + ";\n";
  text += "CREATE USER IF NOT EXISTS " + user + "\n  TYPE = SERVICE\n";
  if (!role.empty()) text += "  DEFAULT_ROLE = " + role + "\n";
  text += "  WORKLOAD_IDENTITY = (\n    TYPE = OIDC\n    ISSUER = " + snowflake::sql_literal(asked.issuer) +
          "\n    SUBJECT = " + snowflake::sql_literal(account.subject()) + "\n  );\n";
  if (!role.empty()) text += "GRANT ROLE " + role + " TO USER " + user + ";\n";
  if (!asked.repository.empty()) text += grants_on(asked.repository, role);
  return text;
}

}  // namespace plugin::kubernetes
