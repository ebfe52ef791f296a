// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "docker/registry.hpp"
#include "net/http.hpp"

namespace plugin::registry {

/// Where a registry issues bearer tokens, from its header WWW-Authenticate (RFC 9110, 11.6.1;
/// `docker/PROTOCOL.md` 4.1): `Bearer realm="...",service="..."`.
struct Challenge {
  std::string realm;
  std::string service;

  /// Both are empty when the header is not such a challenge.
  static Challenge parse(std::string_view header);

  /// The URL of a bearer token for these scopes, which are separated by spaces; without a scope, the token
  /// only shows that the login is accepted.
  std::string bearer_url(const std::string& scopes) const;
  /// Whether a credential for `host` may be sent to the realm: to the registry itself, or to another
  /// Snowflake host. A proxy in between can write anything into a response.
  bool may_receive_credential_for(const std::string& host) const;
};

/// The beginning of a registry's URLs: https, but http for a loopback address.
std::string origin_of(const std::string& host);

/// A bearer token, and how long it is valid.
struct Bearer {
  base::Secret authorization;  ///< as the value of the header Authorization
  std::chrono::seconds lifetime;
};

/// The token server does not accept a credential (HTTP status 401). Its session may have ended.
class CredentialRefused final : public base::Error {
public:
  using Error::Error;
};

/// Sends single requests to a registry, in its own protocol (`docker/PROTOCOL.md` 4). Everything here throws
/// `network` when there is no response.
class Client {
public:
  Client(net::HttpClient&, std::string host);

  /// The challenge with which the registry answers `GET /v2/` without a credential. Throws
  /// `BearerUnavailable`, `network` when the response is not that of a registry, and `denied` when it wants
  /// credentials sent to another party.
  Challenge challenge();
  /// The bearer token for requests within `scope`. Throws `CredentialRefused`, `denied`, and `NoAnswer`:
  /// `BearerUnavailable`, or a final one when the token server gives no bearer token.
  Bearer bearer(const Challenge&, const docker::Credential&, const std::string& scope = {});
  /// The same from `/login`, as the Snowflake CLI gets it (`snowflake/PROTOCOL.md` 10.3).
  Bearer bearer_of_login(const docker::Credential&);

  /// One request; `path` begins with /v2/.
  net::HttpResponse send(const char* method, const std::string& path, const base::Secret& authorization);
  /// The tags of an image, `path` being that of its repository. Throws `not_found`, `denied`, and as
  /// `read_tags`.
  std::vector<std::string> tags(const std::string& path, const std::string& image,
                                const base::Secret& authorization);

private:
  net::HttpResponse get(std::string url, base::Secret authorization);
  Bearer bearer_at(const std::string& url, const docker::Credential&);

  net::HttpClient& http_;
  std::string host_;
};

/// Logs in as Docker does: challenge, bearer token, `GET /v2/`. Throws `denied` when the registry refuses the
/// credential or wants it sent elsewhere, and `network`.
void try_credential(net::HttpClient&, const std::string& host, const docker::Credential&);

}  // namespace plugin::registry
