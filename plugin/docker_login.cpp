// SPDX-License-Identifier: Apache-2.0
#include "docker_login.hpp"

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

namespace plugin {

std::string docker_login(const std::string& host, const token::RegistryToken& token, Context& context) {
  using base::Error;
  using base::Kind;
  auto words = context.docker;
  words.insert(words.end(),
               {"login", "--username", std::string{token::session_token_user}, "--password-stdin", host});
  const auto credential = token.credential_for(host, context.clock.now());
  const auto result = base::run_program(words, credential.secret, context.environment);
  if (!result)
    throw Error(Kind::config, "Docker is not installed.",
                "install docker, or use the token with another client");
  if (result->status != 0) {
    throw Error(Kind::config, "Login Failed: " + base::printable(base::trim(result->err), 1000),
                "'docker snowflake token' shows whether Snowflake gives a token");
  }
  return std::string{base::trim(result->out)};
}

}  // namespace plugin
