// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/secret.hpp"
#include "config/config_paths.hpp"

/// Adds connections to the files of the Snowflake CLI.
namespace plugin::connection_file {

enum class LoginMethod { browser, key_pair, access_token, password };

/// A connection as a user describes it.
struct NewConnection {
  std::string name;
  std::string account;  ///< as `account_in` returns it
  std::string host;     ///< as `host_in` returns it
  std::string user;
  std::string role;  ///< empty for the default role of the user
  LoginMethod method = LoginMethod::browser;
  bool has_method = false;  ///< it was chosen, and is not asked for
  base::Secret secret;      ///< access token or password; an empty password is asked for at each login
  bool may_need_second_factor = true;  ///< for `password`: false once a login has shown that it does not
  std::filesystem::path private_key;   ///< for `key_pair`
  base::Secret passphrase;             ///< of that key, if it was typed; never written
  std::filesystem::path token_file;    ///< for `access_token`, instead of `secret`
  std::string database;                ///< empty when names are written in full
  std::string schema;
};

/// The query that returns the account identifier in a worksheet.
inline constexpr std::string_view account_query =
    "SELECT LOWER(CURRENT_ORGANIZATION_NAME() || '-' || CURRENT_ACCOUNT_NAME());";

/// The login method for its number in the menu (1 to 4), or a word such as browser, key-pair, token, pat or
/// password; absent for other words.
std::optional<LoginMethod> login_method_of(std::string_view word);

/// The account identifier `<organization>-<account>` in what users copy: the identifier itself, also with a
/// dot as in SQL, the address of Snowsight (https://app.snowflake.com/<organization>/<account>), the
/// account's own address, a registry host or an image reference. Throws `usage` for anything else, with the
/// query that returns the identifier for an account locator such as xy12345.eu-central-1, whose registry has
/// another name (https://docs.snowflake.com/en/user-guide/admin-account-identifier).
std::string account_in(std::string_view text);
/// The host of the registry that a user means who wrote an account, the account's own host or the address of
/// Snowsight instead; absent when nothing in the text is an account.
std::optional<std::string> registry_host_meant(std::string_view text);
/// The host of an account in China, which the account alone does not determine; empty for other accounts.
std::string host_in(std::string_view text, const std::string& account);

/// Throws `usage` or `config` for a name, user or role that cannot be right: with blanks, quotes or control
/// characters around or in it, a placeholder such as <user>, a reference such as ${USER}.
void check(const NewConnection&);

/// Where a new connection is written: connections.toml, unless only config.toml exists, whose connections a
/// new connections.toml would hide (`snowflake/PROTOCOL.md` 9.1). Throws `config` when there is no home
/// directory, and when SNOWFLAKE_CONNECTIONS replaces the files.
std::filesystem::path file_for_new_connection(const config::ConfigPaths&, const base::Environment&);

/// The keys and values of the connection, in the order of the file.
std::vector<std::pair<std::string, base::Secret>> values_of(const NewConnection&);

/// The connection as a table of that file. With `show_secret` false the secret is replaced, for showing it.
std::string toml_of(const NewConnection&, const std::filesystem::path& file, bool show_secret);

/// `text`, the content of `file`, with the connection at its end. Throws `config` when there is one of that
/// name, with its line, and when the file is not TOML or would not be.
std::string with_connection(const std::string& text, const std::filesystem::path& file, const NewConnection&);

/// Where the key of a new connection is written: next to its file, under a safe file name whatever `name` is.
std::filesystem::path key_file_for(const std::string& name, const std::filesystem::path& file);

}  // namespace plugin::connection_file
