// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "doctor/checks.hpp"
#include "doctor/registry_door.hpp"
#include "net/url.hpp"
#include "time_text.hpp"

namespace plugin::doctor {

Finding look_at_challenge(Examination& examination) {
  if (!examination.host) return skipped("it is not known which registry is meant");
  const auto& host = examination.host->name();
  const auto response = ask_registry("GET", "/v2/", {}, examination);
  const auto challenge = response.headers.find("www-authenticate");
  const auto realm = challenge == response.headers.end() ? "" : realm_in(challenge->second);
  if (response.status >= 500) {
    return broken(host + " has trouble of its own: " + words_of(response),
                  "try again later; https://status.snowflake.com tells about outages");
  }
  if (response.status != 401 || realm.empty()) {
    return broken(host + " does not answer as a registry: " + words_of(response),
                  "check the host, and whether a network policy, a proxy or a VPN stands in between");
  }
  // A token goes to the registry it is for, whatever somebody in between writes into an answer.
  const auto own = net::parse_url("https://" + host);
  const auto asked = net::parse_url(realm);
  if (asked.host != own.host || asked.port != own.port || asked.scheme != own.scheme) {
    return broken(host + " wants the token sent to " + base::printable(asked.host, 200),
                  "do not sign in there; ask the administrator of the account");
  }
  examination.realm = realm;
  return good("asks for a token, as it should");
}

Finding look_at_token(Examination& examination) {
  auto& registries = examination.registries;
  examination.token = examination.connection_is_chosen() ? registries.token_for(*examination.connection)
                                                         : registries.token_for(*examination.host);
  authorization_for("", examination);
  const auto left = examination.token->expires_at - examination.context.clock.now();
  return good("the registry takes it, for another " + in_words(left));
}

}  // namespace plugin::doctor
