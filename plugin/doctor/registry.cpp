// SPDX-License-Identifier: Apache-2.0
#include "registry/client.hpp"

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
  auto& registries = examination.registries;
  examination.token = examination.connection_is_chosen() ? registries.token_for(*examination.connection)
                                                         : registries.token_for(*examination.host);
  examination.authorization_for({});
  const auto left = examination.token->expires_at - examination.context.clock.now();
  return good("the registry takes it, for another " + in_words(left));
}

}  // namespace plugin::doctor
