// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "net/http.hpp"
#include "token/registry_token.hpp"

namespace plugin {

/// Asks a registry for its first page as Docker does (`docker-side.md` 7.1): the challenge of `GET /v2/`, a
/// bearer token of the place that it names, and the page. Throws `denied` when the registry does not take the
/// token, `network` when there is no answer, or none that makes sense. The credential goes to no other host
/// than the registry's own, or another one of Snowflake's.
void check_registry(net::HttpClient&, const std::string& host, const token::RegistryToken&,
                    base::TimePoint now);

/// The places in a challenge (RFC 9110, 11.6.1): `Bearer realm="...",service="..."`.
struct Challenge {
  std::string realm;
  std::string service;

  /// Both are empty when it is no challenge of that kind.
  static Challenge parse(std::string_view header);
};

}  // namespace plugin
