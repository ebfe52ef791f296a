// SPDX-License-Identifier: Apache-2.0
#include "config/value_repair.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "config/account.hpp"
#include "config/connection_keys.hpp"

namespace config {
namespace {

using ValueKind = ConnectionKey::Kind;

/// White space and invisible characters, which editors and web pages add.
constexpr auto blanks = std::to_array<std::string_view>(
    {" ", "\t", "\r", "\n", "\v", "\f", "\u00A0", "\u200B", "\u200C", "\u200D", "\u2060", "\uFEFF"});
/// Quotes that word processors write instead of ' and ".
constexpr auto typographic_quotes = std::to_array<std::pair<std::string_view, std::string_view>>(
    {{"\u201C", "\u201D"}, {"\u2018", "\u2019"}, {"\u201E", "\u201C"}, {"\u00AB", "\u00BB"}});

std::string_view without_quotes(std::string_view text, bool may_be_quoted) {
  const auto is_in = [&](std::string_view open, std::string_view close) {
    return text.size() >= open.size() + close.size() && text.starts_with(open) && text.ends_with(close);
  };
  if (is_in("'", "'") || (!may_be_quoted && is_in("\"", "\""))) return text.substr(1, text.size() - 2);
  for (const auto& [open, close] : typographic_quotes) {
    if (is_in(open, close)) return text.substr(open.size(), text.size() - open.size() - close.size());
  }
  return text;
}

bool remove_suffix(std::string_view& text, std::string_view suffix) {
  if (!base::to_lower(text).ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

bool remove_scheme(std::string_view& text) {
  for (const std::string_view scheme : {"https://", "http://", "jdbc:snowflake://", "snowflake://"}) {
    if (!base::to_lower(text).starts_with(scheme)) continue;
    text.remove_prefix(scheme.size());
    return true;
  }
  return false;
}

/// The digits after the last colon; empty when something else is there, and for an IPv6 address.
std::string_view port_in(std::string_view host) {
  const auto colon = host.rfind(':');
  if (colon == std::string_view::npos || host.ends_with(']')) return {};
  if (host.front() != '[' && host.find(':') != colon) return {};
  const auto port = host.substr(colon + 1);
  return port.find_first_not_of("0123456789") == std::string_view::npos ? port : std::string_view{};
}

std::string_view without_port(std::string_view host) {
  const auto port = port_in(host);
  return port.empty() ? host : host.substr(0, host.size() - port.size() - 1);
}

/// https://app.snowflake.com/<organization>/<account>/... as <organization>-<account>. A region in place of
/// the organization, whose name has letters and digits only, is followed by a locator: <locator>.<region>.
/// Empty for other addresses.
std::string account_of_snowsight(std::string_view address) {
  const auto parts = base::split(address.substr(0, address.find_first_of("?#")), '/');
  const auto host = base::to_lower(parts.front());
  if ((host != "app.snowflake.com" && host != "app.snowflake.cn") || parts.size() < 3) return {};
  if (parts[1].empty() || parts[2].empty()) return {};
  const bool is_region = parts[1].find_first_of(".-") != std::string::npos;
  return is_region ? parts[2] + "." + parts[1] : parts[1] + "-" + parts[2];
}

/// Word processors and web pages write other hyphens and dashes for "-", which no account contains.
std::string with_plain_hyphens(std::string_view text) {
  constexpr auto hyphens = std::to_array<std::string_view>(
      {"\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212", "\uFE63", "\uFF0D"});
  std::string result{text};
  for (const auto hyphen : hyphens) {
    for (auto found = result.find(hyphen); found != std::string::npos; found = result.find(hyphen, found))
      result.replace(found, hyphen.size(), "-");
  }
  return result;
}

std::string repaired_account(const std::string& written) {
  std::string_view text = written;
  const bool has_scheme = remove_scheme(text);
  while (text.ends_with('.')) text.remove_suffix(1);
  if (auto account = account_of_snowsight(text); !account.empty()) return account;
  const auto path = std::min(text.find_first_of("/?#"), text.size());
  auto host = without_port(text.substr(0, path));
  if (const auto domain = ending_snowflake_domain(host); !domain.empty()) {
    while (remove_suffix(host, domain)) {
    }
    const bool is_private = remove_suffix(host, ".registry.privatelink");
    remove_suffix(host, ".registry");
    host.remove_prefix(prefix_of_snowsight(host).size());
    return std::string{host} + (is_private ? ".privatelink" : "");
  }
  remove_suffix(host, ".registry");
  // Without a domain, a slash may separate anything.
  return std::string{has_scheme || path + 1 >= text.size() ? host : text};
}

std::string repaired_host(std::string_view text) {
  remove_scheme(text);
  std::string host{text.substr(0, text.find_first_of("/?#"))};
  constexpr std::string_view registry = ".registry.";
  const auto found = base::to_lower(host).find(registry);
  // The registry has no logins: its account has the same name without "registry".
  if (found != std::string::npos && base::to_lower(host).find(".snowflakecomputing.") != std::string::npos)
    host.erase(found, registry.size() - 1);
  return host;
}

std::string repaired_once(ValueKind kind, std::string_view text) {
  if (kind == ValueKind::password || kind == ValueKind::key || kind == ValueKind::text)
    return std::string{text};
  text = without_blanks(text);
  text = without_blanks(without_quotes(text, kind == ValueKind::identifier));
  if (kind == ValueKind::account) return repaired_account(with_plain_hyphens(text));
  if (kind == ValueKind::host) return repaired_host(text);
  constexpr std::string_view file = "file://";
  if (kind == ValueKind::path && text.starts_with(file) && text.substr(file.size()).starts_with('/'))
    text.remove_prefix(file.size());
  return std::string{text};
}

/// One repair may uncover what another one removes, such as a space in front of a path.
std::string repaired(ValueKind kind, std::string_view text) {
  auto meant = repaired_once(kind, text);
  for (auto again = repaired_once(kind, meant); again != meant; again = repaired_once(kind, meant))
    meant = std::move(again);
  return meant;
}

}  // namespace

std::string_view without_blanks(std::string_view text) {
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto blank : blanks) {
      if (text.starts_with(blank)) {
        text.remove_prefix(blank.size());
        changed = true;
      }
      if (text.ends_with(blank)) {
        text.remove_suffix(blank.size());
        changed = true;
      }
    }
  }
  return text;
}

bool has_invisible(std::string_view text) {
  return std::ranges::any_of(blanks, [&](std::string_view blank) {
    return blank.size() > 1 && text.find(blank) != std::string_view::npos;
  });
}

std::string_view prefix_of_snowsight(std::string_view host) {
  constexpr std::string_view prefix = "app-";
  const auto lower = base::to_lower(host);
  const bool is_snowsight = lower.starts_with(prefix) && lower.ends_with(".privatelink") &&
                            lower.find('-', prefix.size()) != std::string::npos;
  return is_snowsight ? prefix : std::string_view{};
}

std::string_view unusual_domain_of(std::string_view address) {
  address = without_blanks(address);
  remove_scheme(address);
  const auto host = without_port(address.substr(0, address.find_first_of("/?#")));
  if (base::to_lower(host) == "app.snowflake.cn") return ".snowflakecomputing.cn";
  const auto domain = ending_snowflake_domain(host);
  return domain == ".snowflakecomputing.com" ? std::string_view{} : domain;
}

void set_value(Connection& connection, std::string_view key, const base::Secret& value, std::string origin) {
  const std::string name{canonical_key(key)};
  base::Secret meant{repaired(kind_of(name), value.reveal())};
  if (name == "host") {
    const auto port = port_in(meant.reveal());
    if (!port.empty()) connection.fields.try_emplace("port", base::Secret{port});
    meant = base::Secret{without_port(meant.reveal())};
  }
  if (name == "account") {
    // The account name does not contain the domain: keep any other than .com as the host.
    const auto domain = unusual_domain_of(value.reveal());
    if (!domain.empty())
      connection.fields.try_emplace("host", base::Secret{std::string{meant.reveal()} + std::string{domain}});
  }
  connection.fields.insert_or_assign(name, std::move(meant));
  connection.origins.insert_or_assign(name, std::move(origin));
}

std::string next_step_for_password(std::string_view password) {
  if (without_blanks(password).size() != password.size())
    return "the password begins or ends with a space: remove it if it is not meant to be there";
  if (without_quotes(password, false).size() != password.size())
    return "the password is in quotes: remove them if they are not meant to be there";
  if (password.starts_with("~/") ||
      (password.starts_with('/') && password.find('/', 1) != std::string_view::npos))
    return "the password looks like the path of a file: set it to the content of that file";
  if (password.starts_with("ver:") || password.starts_with("{\"token\""))
    return "the password looks like a session token: set it to the user's password; a key pair is safer";
  return {};
}

}  // namespace config
