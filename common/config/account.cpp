// SPDX-License-Identifier: Apache-2.0
#include "config/account.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/local_address.hpp"
#include "base/text.hpp"
#include "config/connection_values.hpp"

namespace config {
namespace {

constexpr std::string_view domain = ".snowflakecomputing.";

[[noreturn]] void fail(const Connection& connection, const std::string& message, const std::string& hint) {
  const std::string whose = connection.name.empty() ? "" : " (connection '" + connection.name + "')";
  throw base::Error(base::Kind::config, message + whose, {hint, base::Needs::connection});
}

bool is_account_part(std::string_view part) {
  return !part.empty() && !part.starts_with('-') && !part.ends_with('-') &&
         std::ranges::all_of(part, [](char c) { return base::is_alphanumeric(c) || c == '_' || c == '-'; });
}

/// The first label of a Snowflake host, for a connection that has a host and no account.
std::string account_in_host(const std::string& host) {
  return host.find(domain) == std::string::npos ? std::string{} : host.substr(0, host.find('.'));
}

int port_of(const Connection& connection) {
  const std::string text = connection.text("port");
  if (text.empty()) return 443;
  const auto port = base::whole_number(text);
  if (!port || *port < 1 || *port > 65535) {
    fail(connection, "port is not a number from 1 to 65535",
         how_to_remove(connection, "port") + "; Snowflake uses 443");
  }
  return static_cast<int>(*port);
}

std::string protocol_of(const Connection& connection, const std::string& host) {
  const std::string protocol = base::to_lower(connection.text("protocol"));
  if (protocol.empty() || protocol == "https") return "https";
  if (protocol == "http" && base::is_loopback(host)) return protocol;
  if (protocol == "http") {
    fail(connection, "protocol is http, which would send the login over the network unencrypted",
         how_to_remove(connection, "protocol") + "; plain http is for loopback addresses only");
  }
  fail(connection, "protocol is neither https nor http", how_to_remove(connection, "protocol"));
}

/// `snowflake/PROTOCOL.md` 1.1: the key `region` wins over a region in the account, and us-west-2 has no
/// suffix.
std::string derived_host(const Connection& connection, const std::string& account) {
  const std::string region = connection.text("region");
  const auto dot = account.find('.');
  std::string name = account.substr(0, dot);
  std::string suffix = dot == std::string::npos ? std::string{} : account.substr(dot + 1);
  if (!region.empty()) suffix = region == "us-west-2" ? std::string{} : region;
  const std::string tld = base::to_lower(suffix).starts_with("cn-") ? "cn" : "com";
  if (!suffix.empty()) name += "." + suffix;
  return base::to_lower(name + std::string{domain} + tld);
}

/// ACCOUNT_NAME: the part before the first dot; an account reached through ".global" also loses its external
/// id.
std::string account_name(const std::string& account) {
  std::string name = account.substr(0, account.find('.'));
  if (account.find(".global") != std::string::npos && name.find('-') != std::string::npos) {
    name.resize(name.rfind('-'));
  }
  return name;
}

std::string account_in(const Connection& connection) {
  const std::string account = connection.text("account");
  return account.empty() ? account_in_host(base::to_lower(connection.text("host"))) : account;
}

std::string host_in(const Connection& connection, const std::string& account) {
  const std::string host = connection.text("host");
  return host.empty() ? derived_host(connection, account) : base::to_lower(host);
}

void check_account(const Connection& connection, const std::string& account) {
  if (account.empty()) {
    const std::string meant = misspelled_key(connection, "account");
    fail(connection, "251001: Account must be specified",
         meant.empty() ? how_to_set(connection, "account", "<organization>-<account>")
                       : "rename " + meant + " to account in the connection");
  }
  if (!std::ranges::all_of(base::split(account, '.'), is_account_part)) {
    fail(connection,
         "251001: Invalid account identifier: only letters, digits, '_', '-' and '.' (as a label separator) "
         "allowed; no slashes or backslashes",
         how_to_set(connection, "account", "<organization>-<account>") +
             ", without https:// and without snowflakecomputing.com");
  }
}

/// No character that another parser may take for the end of the host.
bool has_valid_labels(std::string_view host) {
  return std::ranges::all_of(base::split(host, '.'), [](const std::string& label) {
    return !label.empty() && std::ranges::all_of(label, [](char c) {
      return base::is_lower(c) || base::is_digit(c) || c == '-' || c == '_';
    });
  });
}

bool is_host(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']'))
    return host.find_first_not_of("0123456789abcdef:.[]") == std::string_view::npos;
  return has_valid_labels(host);
}

void check_host(const Connection& connection, const std::string& host) {
  if (is_host(host)) return;
  if (connection.text("host").empty() && connection.has("region"))
    fail(connection, "region is not valid",
         how_to_remove(connection, "region") + ", if account has the form <organization>-<account>");
  fail(connection, "host is not a valid host name",
       "write " + name_of_value(connection, "host") + " without https:// and without a path");
}

}  // namespace

std::string RegistryName::host() const {
  return label +
         (private_link ? ".registry.privatelink.snowflakecomputing." : ".registry.snowflakecomputing.") +
         top_level_domain;
}

RegistryName registry_name_of(const Connection& connection) {
  const std::string account = account_in(connection);
  const std::string host = host_in(connection, account);
  RegistryName name{base::to_lower(account.substr(0, account.find('.'))),
                    host.ends_with(".cn") ? "cn" : "com",
                    host.find(".privatelink.snowflakecomputing.") != std::string::npos};
  std::ranges::replace(name.label, '_', '-');
  return name;
}

std::string Account::base_url() const { return protocol + "://" + host + ":" + std::to_string(port); }

Account account_of(const Connection& connection) {
  check_address(connection);
  const std::string account = account_in(connection);
  check_account(connection, account);
  const std::string host = host_in(connection, account);
  check_host(connection, host);
  return {account_name(account), host, port_of(connection), protocol_of(connection, host)};
}

std::string_view ending_snowflake_domain(std::string_view text) {
  constexpr std::array domains = {std::string_view{".snowflakecomputing.com"},
                                  std::string_view{".snowflakecomputing.cn"},
                                  std::string_view{".snowflakecomputing.mil"}};
  const auto lower = base::to_lower(text);
  const auto* const found =
      std::ranges::find_if(domains, [&](std::string_view suffix) { return lower.ends_with(suffix); });
  return found == domains.end() ? std::string_view{} : *found;
}

std::string_view snowflake_domain(std::string_view host) {
  return has_valid_labels(host) ? ending_snowflake_domain(host) : std::string_view{};
}

}  // namespace config
