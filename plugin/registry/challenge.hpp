// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace plugin::registry {

/// Where a registry issues bearer tokens, as the header WWW-Authenticate says it (RFC 9110, 11.6.1;
/// `docker/PROTOCOL.md` 4.1): `Bearer realm="...",service="..."`.
struct Challenge {
  std::string realm;
  std::string service;

  /// Both are empty when the header is not such a challenge.
  static Challenge parse(std::string_view header);

  /// The URL of a bearer token for `scope`; with an empty scope, the token only shows that the login is
  /// accepted.
  std::string bearer_url(const std::string& scope) const;
  /// Whether a credential for `host` may go where the challenge wants it: to the registry itself, or to
  /// another Snowflake host. A proxy in between can write anything into an answer.
  bool may_see_credential_for(const std::string& host) const;
};

/// Where requests to a registry go: over TLS, except to a loopback address.
std::string origin_of(const std::string& host);

}  // namespace plugin::registry
