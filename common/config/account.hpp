// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "config/connection.hpp"

namespace config {

/// What an account's registry is called (`snowflake/PROTOCOL.md` 1.3).
struct RegistryName {
  std::string label;             ///< what its host begins with: lower case, hyphens for underscores
  std::string top_level_domain;  ///< com or cn
  bool private_link = false;

  /// `<label>.registry[.privatelink].snowflakecomputing.<top level domain>`
  std::string host() const;
  /// `xy12345.eu-central-1` says nothing about the organization's name, which registry hosts begin with.
  bool is_of_locator() const { return label.find('-') == std::string::npos; }
};

/// As far as the connection tells; a connection that is broken otherwise may still tell it.
RegistryName registry_name_of(const Connection&);

/// Where an account answers, and what it is called in requests (`snowflake/PROTOCOL.md` 1.1,
/// `snowflake/PROTOCOL.md` 9.4).
struct Account {
  std::string name;  ///< ACCOUNT_NAME: up to the first dot, as written
  std::string host;  ///< lower case
  int port = 443;
  std::string protocol;  ///< https, or http to a loopback host
};

/// Throws `config` in the words of the Snowflake CLI (251001) when the account is missing or malformed, and
/// when plain http is to leave the machine.
Account account_of(const Connection&);

/// Whether a host in lower case belongs to Snowflake: a name below snowflakecomputing.com, .cn or .mil, made
/// of letters, digits, hyphens and underscores (`snowflake/PROTOCOL.md` 1.2).
bool is_snowflake_host(std::string_view host);

}  // namespace config
