// SPDX-License-Identifier: Apache-2.0
#include "registry/client.hpp"

#include "base/error.hpp"
#include "doctor/checks.hpp"
#include "doctor/examination.hpp"
#include "time_text.hpp"

namespace plugin::doctor {

Finding look_at_challenge(Examination& examination) {
  if (!examination.host) return skipped("it is not known which registry is meant");
  examination.challenge = examination.registry_client().challenge();
  return good("asks for a token, as it should");
}

Finding look_at_token(Examination& examination) {
  const auto& connection = *examination.connection;
  examination.token = examination.wiring.registry_token(connection);
  try {
    examination.authorization_for({});
  } catch (const base::Error& error) {
    if (error.kind() != base::Kind::denied) throw;
    // Its session may have ended at Snowflake since.
    examination.token = examination.wiring.registry_token(connection, snowflake::Refresh::token);
    examination.authorization_for({});
    return odd("the registry refused the cached token, and takes the new one that docker uses from now on",
               "push or pull again");
  }
  const auto left = examination.token->expires_at - examination.context.clock.now();
  return good("the registry takes it, for another " + in_words(left));
}

}  // namespace plugin::doctor
