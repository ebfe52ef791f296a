// SPDX-License-Identifier: Apache-2.0
#include "config/connection.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/loopback.hpp"
#include "base/masking.hpp"
#include "base/text.hpp"
#include "config/connection_keys.hpp"
#include "config/connection_values.hpp"

namespace config {
namespace {

constexpr std::chrono::seconds max_seconds = std::chrono::hours{24};

using base::Error;
using base::Kind;

constexpr std::string_view domain = ".snowflakecomputing.";

[[noreturn]] void fail(const Connection& connection, const std::string& message, const std::string& hint) {
  const std::string whose = connection.name.empty() ? "" : " (connection '" + connection.name + "')";
  throw Error(Kind::config, message + whose, {hint, base::Needs::connection});
}

bool is_account_part(std::string_view part) {
  return !part.empty() && !part.starts_with('-') && !part.ends_with('-') &&
         std::ranges::all_of(part, [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
                  c == '-';
         });
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
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
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

bool is_option(std::string_view origin) { return origin.starts_with("--"); }

/// Whether an origin is a variable. One that holds whole TOML files is followed by a line number.
bool is_variable(std::string_view origin) {
  return origin.starts_with("SNOWFLAKE_") && origin.find(':') == std::string_view::npos;
}

/// The option or the variable that sets `key` where the user sets `key`, or else `beside`; empty for a file.
std::string option_or_variable(const Connection& connection, std::string_view key, std::string_view beside) {
  constexpr std::string_view one_connection_prefix = "SNOWFLAKE_CONNECTIONS_";
  auto origin = connection.origin_of(key);
  if (is_option(origin) || is_variable(origin)) return origin;
  const auto* known = find_connection_key(key);
  if (!origin.empty() || known == nullptr) return {};
  origin = connection.origin_of(beside);
  if (is_option(origin) && known->option == ConnectionKey::Option::value)
    return std::string{known->first_flag()};
  const auto suffix = "_" + base::to_upper(beside);
  if (origin.starts_with(one_connection_prefix) && origin.ends_with(suffix))
    return origin.substr(0, origin.size() - suffix.size()) + "_" + base::to_upper(key);
  // Nothing else makes a connection without a name.
  const bool from_variables = connection.name.empty() && !is_option(origin);
  return from_variables && known->from_variable ? "SNOWFLAKE_" + base::to_upper(key) : "";
}

}  // namespace

std::string Connection::origin_of(std::string_view key) const {
  const auto found = origins.find(key);
  return found == origins.end() ? std::string{} : found->second;
}

std::string Connection::text(std::string_view key) const {
  const auto found = fields.find(key);
  return found == fields.end() ? std::string{} : std::string{found->second.reveal()};
}

base::Secret Connection::secret(std::string_view key) const {
  const auto found = fields.find(key);
  if (found == fields.end()) return {};
  // The server that gets it may quote it in an error.
  if (!occurs_in_shown_values(found->second.reveal())) base::add_mask(found->second);
  return found->second;
}

bool Connection::occurs_in_shown_values(std::string_view secret) const {
  const auto lower = base::to_lower(secret);
  return std::ranges::any_of(fields, [&](const auto& field) {
    constexpr std::size_t max_name = 255;
    return !may_hold_secret(field.first) && field.second.reveal().size() <= max_name &&
           !base::looks_like_secret(field.second.reveal()) &&
           base::to_lower(field.second.reveal()).find(lower) != std::string::npos;
  });
}

bool Connection::flag(std::string_view key) const {
  const std::string value = base::to_lower(text(key));
  if (value == "true" || value == "1") return true;
  if (value.empty() || value == "false" || value == "0") return false;
  throw base::Error(base::Kind::config,
                    std::string{key} + " of the connection '" + name + "' is neither true nor false",
                    how_to_set(*this, key, "true") + ", or false");
}

std::string name_in_command(const std::string& name) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  const bool is_plain = name.find_first_not_of(plain) == std::string::npos;
  return is_plain ? name : "'" + base::printable(name, 100) + "'";
}

std::string display_name(const Connection& connection) {
  return connection.name.empty() ? "the connection of the SNOWFLAKE_ variables"
                                 : "connection '" + base::printable(connection.name, 100) + "'";
}

std::string misspelled_key(const Connection& connection, std::string_view key) {
  for (const auto& [name, value] : connection.fields) {
    if (find_connection_key(name) != nullptr) continue;
    const auto lower = base::to_lower(name);
    if (lower == key || lower == std::string{key} + "name" ||
        !base::nearest(lower, {std::string{key}}).empty())
      return base::printable(name, 100);
  }
  return {};
}

std::optional<std::chrono::seconds> Connection::seconds(std::string_view key) const {
  if (!has(key)) return std::nullopt;
  const auto number = base::whole_number(text(key));
  if (number && *number > 0 && *number <= max_seconds.count()) return std::chrono::seconds{*number};
  throw base::Error(base::Kind::config,
                    std::string{key} + " of the connection '" + name + "' is not a number of seconds",
                    how_to_set(*this, key, "120"));
}

std::string Connection::authenticator() const {
  const std::string value = text("authenticator");
  if (value.empty()) return "SNOWFLAKE";
  if (base::to_lower(value).starts_with("https://")) return value;
  return base::to_upper(value);
}

std::string name_of_value(const Connection& connection, std::string_view key, std::string_view beside) {
  auto name = option_or_variable(connection, key, beside);
  return name.empty() ? std::string{key} + " in the connection" : name;
}

std::string how_to_set(const Connection& connection, std::string_view key, const std::string& value,
                       std::string_view beside) {
  const auto name = option_or_variable(connection, key, beside);
  if (name.empty()) return "set " + std::string{key} + " = \"" + value + "\" in the connection";
  return is_option(name) ? "use " + name + " " + value : "set " + name + "=" + value;
}

std::string how_to_remove(const Connection& connection, std::string_view key) {
  const auto name = option_or_variable(connection, key, {});
  if (name.empty()) return "remove " + std::string{key} + " from the connection";
  return (is_option(name) ? "leave out " : "unset ") + name;
}

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
