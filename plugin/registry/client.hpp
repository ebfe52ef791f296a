// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "docker/registry.hpp"
#include "net/http.hpp"
#include "registry/challenge.hpp"

namespace plugin::registry {

/// A registry, asked over its own protocol (`docker/PROTOCOL.md` 4). Everything here throws `network` when
/// there is no answer.
class Client {
public:
  Client(net::HttpClient&, std::string host);

  /// The challenge with which the registry answers `GET /v2/` without a credential. Throws `NoBearerNow`,
  /// `network` when the answer is not a registry's, and `denied` when it wants credentials sent to another
  /// party.
  Challenge challenge();
  /// The header Authorization for requests within `scope`. Throws `denied` when the registry does not take
  /// the credential.
  base::Secret bearer(const Challenge&, const docker::Credential&, const std::string& scope = {});
  /// The same as the Snowflake CLI gets it, which asks `/login` (`snowflake/PROTOCOL.md` 10.3).
  base::Secret bearer_of_login(const docker::Credential&);

  /// One request; `path` begins with /v2/.
  net::HttpResponse ask(const char* method, const std::string& path, const base::Secret& authorization);
  /// The tags of an image, `path` being that of its repository. Throws `not_found`, `denied`, and as
  /// `read_tags`.
  std::vector<std::string> tags(const std::string& path, const std::string& image,
                                const base::Secret& authorization);

private:
  net::HttpResponse get(std::string url, base::Secret authorization);
  base::Secret bearer_at(const std::string& url, const docker::Credential&);

  net::HttpClient& http_;
  std::string host_;
};

/// Logs in as Docker does: challenge, bearer token, `GET /v2/`. Throws `denied` when the registry refuses the
/// credential or wants it sent elsewhere, and `network`.
void try_credential(net::HttpClient&, const std::string& host, const docker::Credential&);

/// The bearer token in the answer of `host`, as the value of the header Authorization (`docker/PROTOCOL.md`
/// 4.1); absent when it has none. Throws `NoAnswer` for one that no request can carry.
std::optional<base::Secret> bearer_in(const net::HttpResponse&, const std::string& host);

/// What a registry says about a request that went wrong: "HTTP status 404, repository name not known".
std::string words_of(const net::HttpResponse&);

}  // namespace plugin::registry
