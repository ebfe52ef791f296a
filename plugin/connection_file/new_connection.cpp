// SPDX-License-Identifier: Apache-2.0
#include "connection_file/new_connection.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "config/config_file.hpp"
#include "config/connection_keys.hpp"
#include "config/connection_values.hpp"
#include "config/value_repair.hpp"
#include "settings_file/toml_edit.hpp"

namespace plugin::connection_file {
namespace {

using base::Error;
using base::Kind;

constexpr std::size_t max_name = 100;

bool is_name(std::string_view text) {
  return !text.empty() && text.front() != '-' && text.back() != '-' &&
         std::ranges::all_of(text, [](char c) { return base::is_alphanumeric(c) || c == '_' || c == '-'; });
}

[[noreturn]] void refuse_locator(std::string_view text) {
  throw Error(Kind::usage,
              "'" + base::printable(text, 100) +
                  "' is an account locator, but registry hosts contain organization and account name",
              "run this in a worksheet and use what it returns:\n  " + std::string{account_query});
}

[[noreturn]] void refuse(std::string_view text) {
  throw Error(Kind::usage,
              base::trim(text).empty() ? std::string{"An account is needed."}
                                       : "'" + base::printable(text, 100) + "' is not an account identifier",
              "write <organization>-<account>, paste the address of Snowsight, or run in a worksheet:\n  " +
                  std::string{account_query});
}

std::string joined(std::string_view organization, std::string_view account, std::string_view text) {
  if (!is_name(organization) || !is_name(account)) refuse(text);
  return base::to_lower(organization) + "-" + base::to_lower(account);
}

/// `labels`: what a host of an account or of its registry has before .snowflakecomputing.com.
std::string account_of_labels(std::vector<std::string> labels, std::string_view text) {
  std::erase(labels, "registry");
  const bool is_private = std::erase(labels, "privatelink") > 0;
  if (labels.size() != 1 || labels.front().find('-') == std::string::npos) refuse_locator(text);
  if (!is_name(labels.front())) refuse(text);
  const auto account = labels.front() + (is_private ? ".privatelink" : "");
  return account.substr(config::prefix_of_snowsight(account).size());
}

/// The last label of other hosts; hardly any account has such a name.
bool is_domain_of_others(std::string_view label) {
  constexpr std::array<std::string_view, 6> domains = {"com", "net", "org", "io", "example", "localhost"};
  return std::ranges::find(domains, label) != domains.end();
}

/// Of an address of Snowsight: /<organization>/<account>/..., or /<region>/<locator>/... for old ones.
std::string account_of_snowsight(const std::vector<std::string>& path, std::string_view text) {
  if (path.size() < 3) refuse(text);
  // An organization has letters and digits only.
  if (path[1].find_first_of(".-") != std::string::npos) refuse_locator(text);
  return joined(path[1], path[2], text);
}

std::string header_of(const std::string& name, const std::filesystem::path& file) {
  const std::string key = is_name(name) ? name : settings_file::toml_quoted(name);
  return file.filename() == "config.toml" ? "[connections." + key + "]" : "[" + key + "]";
}

const config::TomlValue* table_of(const config::TomlValue& root, const std::string& name,
                                  const std::filesystem::path& file) {
  if (file.filename() != "config.toml") return root.find(name);
  const auto* connections = root.find("connections");
  return connections == nullptr ? nullptr : connections->find(name);
}

}  // namespace

std::string account_in(std::string_view text) {
  std::string_view rest = config::without_blanks(text);
  const bool is_quoted =
      rest.size() > 1 && (rest.front() == '"' || rest.front() == '\'') && rest.back() == rest.front();
  if (is_quoted) rest = config::without_blanks(rest.substr(1, rest.size() - 2));
  const auto scheme = rest.find("://");
  const bool is_url = scheme != std::string_view::npos;
  if (is_url) rest.remove_prefix(scheme + 3);
  rest = rest.substr(0, rest.find_first_of("?#"));
  const auto path = base::split(rest, '/');
  const auto host = base::to_lower(path.front().substr(0, path.front().find(':')));
  if (host == "app.snowflake.com" || host == "app.snowflake.cn") return account_of_snowsight(path, text);
  auto labels = base::split(host, '.');
  if (labels.size() > 2 && labels[labels.size() - 2] == "snowflakecomputing") {
    labels.resize(labels.size() - 2);
    return account_of_labels(std::move(labels), text);
  }
  const bool has_port = path.front().find(':') != std::string::npos;
  if (is_url || has_port || path.size() > 1 || is_domain_of_others(labels.back())) refuse(text);
  if (labels.size() == 2 && labels[0].find('-') == std::string::npos &&
      labels[1].find('-') == std::string::npos && labels[1] != "azure" && labels[1] != "aws" &&
      labels[1] != "gcp")
    return joined(labels[0], labels[1], text);
  if (labels.size() > 1) refuse_locator(text);
  if (!is_name(host)) refuse(text);
  if (host.find('-') == std::string::npos) refuse_locator(text);
  return host;
}

std::optional<std::string> registry_host_meant(std::string_view text) {
  // A name with a dot can be the host of anything.
  if (text.find('.') != std::string_view::npos && text.find("snowflake") == std::string_view::npos)
    return std::nullopt;
  try {
    const auto account = account_in(text);
    auto host = host_in(text, account);
    if (host.empty()) host = account + ".snowflakecomputing.com";
    host.insert(host.find('.'), ".registry");
    return host;
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string host_in(std::string_view text, const std::string& account) {
  const auto domain = config::unusual_domain_of(text);
  return domain.empty() ? std::string{} : account + std::string{domain};
}

void check(const NewConnection& connection) {
  const auto& name = connection.name;
  const bool is_option = name.starts_with('-');
  if (base::has_control_characters(name) || base::trim(name) != name || name.size() > max_name || is_option ||
      name.empty())
    throw Error(Kind::usage, "'" + base::printable(name, 100) + "' cannot be the name of a connection",
                "use letters, digits, _ and -, such as dev");
  config::Connection checked;
  for (const auto& [key, value] : {std::pair{"user", connection.user}, std::pair{"role", connection.role}}) {
    if (value.empty()) continue;
    if (base::trim(value) != value || value.find_first_of("\"'") == 0)
      throw Error(Kind::usage,
                  std::string{key} + " " + base::printable(value, 100) + " begins or ends with " +
                      (base::trim(value) != value ? "a space" : "a quote"),
                  "write the name alone");
    config::set_value(checked, key, base::Secret{value}, std::string{"--"} + key);
  }
  config::check_values(checked, {});
}

std::filesystem::path file_for_new_connection(const config::ConfigPaths& paths,
                                              const base::Environment& environment) {
  if (environment.non_empty("SNOWFLAKE_CONNECTIONS"))
    throw Error(Kind::config,
                "SNOWFLAKE_CONNECTIONS is set, so the connections of files are not read, and a new one would "
                "have no effect",
                "unset SNOWFLAKE_CONNECTIONS, then run this again");
  if (paths.connections.empty())
    throw Error(Kind::config, "there is no home directory for the connection: HOME is not set",
                "set HOME, or SNOWFLAKE_HOME to the directory for connections.toml");
  std::error_code ignored;
  const bool only_config =
      !std::filesystem::exists(paths.connections, ignored) && std::filesystem::exists(paths.config, ignored);
  return only_config ? paths.config : paths.connections;
}

std::optional<LoginMethod> login_method_of(std::string_view word) {
  struct Words {
    LoginMethod method;
    std::array<std::string_view, 7> words;
  };
  constexpr std::array methods = {
      Words{LoginMethod::browser, {"browser", "1", "externalbrowser", "sso", "b"}},
      Words{LoginMethod::key_pair, {"key-pair", "2", "key pair", "key", "k", "keypair", "key_pair"}},
      Words{LoginMethod::access_token, {"token", "3", "pat", "programmatic access token", "t"}},
      Words{LoginMethod::password, {"password", "4", "mfa", "username_password_mfa", "p"}}};
  const auto lower = base::to_lower(word);
  const auto* found = std::ranges::find_if(methods, [&](const Words& each) {
    return std::ranges::find(each.words, std::string_view{lower}) != each.words.end();
  });
  if (found == methods.end()) return std::nullopt;
  return found->method;
}

std::vector<std::pair<std::string, base::Secret>> values_of(const NewConnection& connection) {
  std::vector<std::pair<std::string, base::Secret>> values;
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) values.emplace_back(key, base::Secret{value});
  };
  const auto add_secret = [&](const char* key) {
    if (!connection.secret.empty()) values.emplace_back(key, connection.secret);
  };
  add("account", connection.account);
  add("host", connection.host);
  add("user", connection.user);
  switch (connection.method) {
    case LoginMethod::browser:
      add("authenticator", "externalbrowser");
      break;
    case LoginMethod::key_pair:
      add("authenticator", "SNOWFLAKE_JWT");
      add("private_key_file", connection.private_key.string());
      break;
    case LoginMethod::access_token:
      add("authenticator", "PROGRAMMATIC_ACCESS_TOKEN");
      add("token_file_path", connection.token_file.string());
      add_secret("token");
      break;
    case LoginMethod::password:
      // For a login that may need a second factor, docker push waits for the user.
      add("authenticator", connection.may_need_second_factor ? "username_password_mfa" : "snowflake");
      add_secret("password");
      break;
  }
  add("role", connection.role);
  add("database", connection.database);
  add("schema", connection.schema);
  return values;
}

std::string toml_of(const NewConnection& connection, const std::filesystem::path& file, bool show_secret) {
  std::string text = header_of(connection.name, file) + "\n";
  for (const auto& [key, value] : values_of(connection)) {
    const bool is_shown = show_secret || !config::may_hold_secret(key);
    text += key + " = " + settings_file::toml_quoted(is_shown ? value.reveal() : "***") + "\n";
  }
  return text;
}

std::string with_connection(const std::string& text, const std::filesystem::path& file,
                            const NewConnection& connection) {
  const auto root = config::parse_toml(text, file.string());
  if (const auto* table = table_of(root, connection.name, file)) {
    throw Error(Kind::config,
                "connection '" + base::printable(connection.name, 100) + "' already exists, in " +
                    file.string() + ":" + std::to_string(table->line),
                "to replace it, remove the table " + header_of(connection.name, file) +
                    " and run this again; or add another: docker snowflake connection add <name>");
  }
  std::string result = text;
  if (!result.empty() && !result.ends_with('\n')) result += '\n';
  if (!base::trim(result).empty()) result += '\n';
  result += toml_of(connection, file, true);
  try {
    if (table_of(config::parse_toml(result, file.string()), connection.name, file) != nullptr) return result;
  } catch (const Error&) {
    // Not reported: it is about the text with the new connection, which is not in the file.
  }
  throw Error(Kind::config, file.string() + " is written so that no connection can be added at its end",
              "write its connections as [tables], then run this again");
}

std::filesystem::path key_file_for(const std::string& name, const std::filesystem::path& file) {
  std::string stem = name;
  for (auto& c : stem) {
    if (!base::is_alphanumeric(c) && c != '-') c = '_';
  }
  return file.parent_path() / "keys" / (stem + ".p8");
}

}  // namespace plugin::connection_file
