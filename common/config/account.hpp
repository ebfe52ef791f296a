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
  /// An account locator such as `xy12345` does not contain the organization, which registry hosts begin with.
  bool is_of_locator() const { return label.find('-') == std::string::npos; }
};

/// Does not validate the connection: other parts of it may be wrong.
RegistryName registry_name_of(const Connection&);

/// The address of an account, and its name in requests (`snowflake/PROTOCOL.md` 1.1, 9.4).
struct Account {
  std::string name;  ///< ACCOUNT_NAME: up to the first dot, as written
  std::string host;  ///< lower case
  int port = 443;
  std::string protocol;  ///< https, or http to a loopback host

  /// `<protocol>://<host>:<port>`; the port is always there, as in the requests of the official drivers.
  std::string base_url() const;
};

/// Throws `config` with the message of the Snowflake CLI (251001) when the account is missing or malformed,
/// and when plain http would leave the machine.
Account account_of(const Connection&);

/// Whether a host, in lower case, belongs to Snowflake: a name below snowflakecomputing.com, .cn or .mil that
/// consists of letters, digits, hyphens and underscores (`snowflake/PROTOCOL.md` 1.2).
bool is_snowflake_host(std::string_view host);

}  // namespace config
