// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace docker {

/// `host` or `host:port` out of whatever a caller of the helper protocol sends: white space, scheme, user,
/// path, query, trailing dot and the port 443 are dropped, letters are made small (`docker/PROTOCOL.md` 1.3).
/// Absent when no host is left, or when it has a character that no host name has.
std::optional<std::string> normalized_host(std::string_view server_url);

/// The name of a registry that Snowflake runs, or that the user's own settings name. No other host fits into
/// this type, so no token can be looked up for, or given to, anyone else.
class RegistryHost {
public:
  /// `<one label>.registry.snowflakecomputing.{com,cn}` or its form with `privatelink`; whole labels are
  /// compared. An underscore in the label, which no TLS certificate covers, reads as the hyphen that the
  /// registry has there
  /// (`snowflake/PROTOCOL.md` 1.3). Absent for every other host.
  static std::optional<RegistryHost> parse(std::string_view server_url);
  /// As `parse`, and besides any host that `named` holds (each as `normalized_host` gives it).
  static std::optional<RegistryHost> parse(std::string_view server_url,
                                           const std::vector<std::string>& named);

  /// `host` or `host:port`, as Docker's `credHelpers` names it.
  const std::string& name() const noexcept { return name_; }
  /// The first label: `<organization>-<account>`. Empty for a host outside Snowflake's domains.
  std::string_view account_label() const noexcept { return std::string_view{name_}.substr(0, label_size_); }
  /// `com` or `cn`; empty for a host outside Snowflake's domains.
  std::string_view top_level_domain() const noexcept;

  auto operator<=>(const RegistryHost&) const = default;

private:
  RegistryHost(std::string name, std::size_t label_size) : name_(std::move(name)), label_size_(label_size) {}

  std::string name_;
  std::size_t label_size_;
};

}  // namespace docker
