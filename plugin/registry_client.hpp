// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "net/http.hpp"
#include "token/registry_token.hpp"

namespace plugin {

/// A registry, asked over its own protocol (`snow-cli-behaviour.md` 2.8).
class RegistryClient {
public:
  /// Signs in. Throws `denied` when the registry does not take the token, and `network`.
  RegistryClient(net::HttpClient&, std::string host, const token::RegistryToken&, base::TimePoint now);

  /// The tags of an image, `path` being that of its repository. Throws `denied`, `network`.
  std::vector<std::string> tags(const std::string& path, const std::string& image);

private:
  net::HttpClient& http_;
  std::string host_;
  base::Secret authorization_;
};

/// Asks a registry the way Docker does: for its challenge, then for a bearer token with `token`, then with
/// that bearer. Throws `denied` when the registry does not take the token or sends it elsewhere, and
/// `network`.
void try_token(net::HttpClient&, const std::string& host, const token::RegistryToken& token,
               base::TimePoint now);

}  // namespace plugin
