// SPDX-License-Identifier: Apache-2.0
#include "registry_address.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/account.hpp"
#include "snowflake/codes.hpp"

namespace plugin {
namespace {

using base::Error;
using base::Kind;

/// The part of an address between scheme and path.
std::string host_in(std::string_view url) {
  if (const auto scheme = url.find("//"); scheme != std::string_view::npos) url.remove_prefix(scheme + 2);
  return std::string{url.substr(0, url.find('/'))};
}

/// A role that may not look into the database SNOWFLAKE still has an account.
snowflake::Result visible_to_everybody(snowflake::SessionCache& session) {
  try {
    return session.run("show image repositories in schema snowflake.images;");
  } catch (const snowflake::StatementError&) {
    return {};
  }
}

}  // namespace

std::string ask_registry_host(snowflake::SessionCache& session, bool private_link) {
  auto repositories = visible_to_everybody(session);
  if (repositories.rows.empty()) repositories = session.run("show image repositories in account");
  if (repositories.rows.empty()) {
    throw Error(Kind::not_found,
                "No image repository found. To run this command, please switch to a role with read access to "
                "at least "
                "one image repository or create a new image repository first.",
                "docker snowflake url knows the host without asking; --role chooses another role");
  }
  const auto url = repositories.at(0, private_link ? "privatelink_repository_url" : "repository_url");
  const std::string host = host_in(url.value_or(""));
  // An empty host would be Docker Hub to 'docker login'.
  if (host.empty()) {
    throw Error(Kind::not_found,
                private_link ? "this account has no registry host for private connectivity"
                             : "Snowflake did not say which host its image repositories have",
                "leave out --private-link; private connectivity needs the edition Business Critical");
  }
  return host;
}

void print_token(const CommandOptions& options, Context& context) {
  const auto token = context.wiring.registry_token(connection_of(options, context));
  const auto left = token.expires_at - context.clock.now();
  printer_of(options, context)
      .object({{"token", output::text_value(std::string{token.value.reveal()})},
               {"expires_in", output::number_value(left.count())}});
}

}  // namespace plugin
