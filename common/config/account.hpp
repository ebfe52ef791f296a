// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "config/connection.hpp"

namespace config {

/// The host name of an account's registry (`snowflake/PROTOCOL.md` 1.3).
struct RegistryName {
  std::string label;             ///< first label of the host: lower case, hyphens for underscores
  std::string top_level_domain;  ///< com or cn
  bool private_link = false;

  /// `<label>.registry[.privatelink].snowflakecomputing.<top level domain>`
  std::string host() const;
  /// Whether the account is a locator such as `xy12345`, which lacks the organization that registry hosts
  /// begin with.
  bool is_from_locator() const { return label.find('-') == std::string::npos; }
};

/// The registry of the connection's account. Does not validate the connection.
RegistryName registry_name_of(const Connection&);

/// The address of an account, and its name in requests (`snowflake/PROTOCOL.md` 1.1, 9.4).
struct Account {
  std::string name;  ///< ACCOUNT_NAME: up to the first dot, in the connection's spelling
  std::string host;  ///< lower case
  int port = 443;
  std::string protocol;  ///< https, or http to a loopback host

  /// `<protocol>://<host>:<port>`; the port is always there, as in the requests of the official drivers.
  std::string base_url() const;
};

/// Throws `config` with the message of the Snowflake CLI (251001) when the account is missing or malformed,
/// and when plain http would leave the machine.
Account account_of(const Connection&);

/// The Snowflake domain at the end of a text, in upper or lower case: `.snowflakecomputing.com`, `.cn` or
/// `.mil`. Empty when there is none. Does not check what comes before it.
std::string_view ending_snowflake_domain(std::string_view text);
/// The Snowflake domain of a host in lower case. Empty for every other host, and for labels with characters
/// other than letters, digits, hyphens and underscores (`snowflake/PROTOCOL.md` 1.2).
std::string_view snowflake_domain(std::string_view host);
/// Whether a host, in lower case, is in a Snowflake domain.
inline bool is_snowflake_host(std::string_view host) { return !snowflake_domain(host).empty(); }

}  // namespace config
