// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace docker {

/// A credential of the credential-helper protocol (`docker/PROTOCOL.md` 1.1).
struct Credential {
  std::string server_url;
  std::string username;
  base::Secret secret;
};

/// Messages that callers of a helper compare byte for byte (`docker/PROTOCOL.md` 1.1, 1.3).
inline constexpr std::string_view not_found_text = "credentials not found in native keychain";
inline constexpr std::string_view no_server_url_text = "no credentials server URL";
inline constexpr std::string_view no_username_text = "no credentials username";

/// Parses the input of `store`. Throws `usage` when it is not JSON, or lacks a server or a user name.
Credential parse_credential(std::string_view json);
/// The answer to `get`: one line, without the line end.
base::Secret to_json(const Credential&);

}  // namespace docker
