// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "config/connection.hpp"

namespace config {

/// Where an account answers, and what it is called in requests (`snowflake-protocol.md` 1.1,
/// `snow-cli-behaviour.md` 1.5).
struct Account {
  std::string name;  ///< ACCOUNT_NAME: up to the first dot, as written
  std::string host;  ///< lower case
  int port = 443;
  std::string protocol;  ///< https, or http to a loopback host
  /// The label that its registry hosts begin with: lower case, hyphens for underscores
  /// (`snowflake-protocol.md` 10.1).
  std::string registry_label;
  std::string top_level_domain;  ///< com or cn
  bool private_link = false;

  /// `<label>.registry[.privatelink].snowflakecomputing.<top level domain>`
  std::string registry_host() const;
};

/// Throws `config` in the words of the Snowflake CLI (251001) when the account is missing or malformed, and
/// when plain http is to leave the machine.
Account account_of(const Connection&);

}  // namespace config
