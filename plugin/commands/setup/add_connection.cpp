// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <ostream>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/interruption.hpp"
#include "base/text.hpp"
#include "base/user_file.hpp"
#include "cli/command_options.hpp"
#include "commands/setup/setup.hpp"
#include "config/value_repair.hpp"
#include "net/private_key.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "snowflake/sql_text.hpp"
#include "ui/progress_line.hpp"
#include "ui/tty.hpp"

namespace plugin::commands::setup {
namespace {

using base::Error;
using base::Kind;
using base::UserFile;
using connection_file::LoginMethod;
using connection_file::NewConnection;
using snowflake::SecondFactor;

/// The key of the connection's file, which is generated when there is none.
net::PrivateKey key_of(NewConnection& connection, Context& context) {
  const auto& path = connection.private_key;
  if (const auto text = base::read_file(path, {.must_be_own = true})) {
    const base::Secret key{*text};
    base::Secret passphrase{context.environment.non_empty("PRIVATE_KEY_PASSPHRASE").value_or("")};
    if (net::PrivateKey::is_encrypted(key) && passphrase.empty())
      connection.passphrase = passphrase = snowflake::ask_passphrase(key, context.prompter);
    return net::PrivateKey::parse(key, passphrase);
  }
  const auto pem = [&] {
    const ui::ProgressLine progress{"Generating a private key", context.environment};
    return net::generate_private_key();
  }();
  const auto file = UserFile::read(path);
  if (file.text || !file.replace(std::string{pem.reveal()}))
    throw Error(Kind::config, path.string() + " was made by another program just now", "run this again");
  context.out << "Wrote " << path.string() << ", a new private key\n";
  return net::PrivateKey::parse(pem, {});
}

void write_connection(const NewConnection& connection, const std::filesystem::path& path, Context& context) {
  UserFile::change(path, [&](UserFile file) {
    // The Snowflake CLI refuses a file that others can read.
    file.ownership.mode = file.text ? file.ownership.mode & 0700 : 0600;
    return file.replace(connection_file::with_connection(file.text.value_or(""), path, connection));
  });
  context.out << "Wrote " << path.string() << '\n' << std::flush;
  context.resolver.reread();
}

void wait_for_enter(Context& context) {
  context.out.flush();
  static_cast<void>(ui::ask_line("Press Enter when that is done", cli::without_terminal));
}

void print_statement(const net::PrivateKey& key, const NewConnection& connection, Context& context) {
  context.out << "\nRun this in a Snowsight worksheet, in a role that may alter the user:\n\n  "
              << snowflake::alter_user_statement(connection.user, key.public_key()) << "\n\n"
              << std::flush;
}

bool is_encrypted(const std::filesystem::path& private_key) {
  const auto text = base::read_file(private_key, {.must_be_own = true});
  return text && net::PrivateKey::is_encrypted(base::Secret{*text});
}

/// For a user who interrupts this before Snowflake knows the key.
void print_step_with_key(const NewConnection& connection, Context& context) {
  config::Connection named;
  named.name = connection.name;
  context.out << "Next: run the statement above in a worksheet, then docker snowflake "
              << (is_connection_add(context) ? "connection test" + snowflake::connection_option(named)
                                             : "setup")
              << '\n'
              << std::flush;
}

/// Says which secrets the files hold unprotected.
void warn_of_secret(const NewConnection& connection, Context& context) {
  const bool has_secret = !connection.secret.empty();
  if (has_secret && connection.method == LoginMethod::password)
    context.out << "The password is stored in this file as plain text, as the Snowflake CLI does.\n";
  if (has_secret && connection.method == LoginMethod::access_token)
    context.out << "The token is stored in this file as plain text, as the Snowflake CLI does.\n";
  if (connection.method == LoginMethod::key_pair && !is_encrypted(connection.private_key))
    context.out << "The private key will be in its file without a passphrase.\n";
}

/// As it will be read from the file, for logging in before it is written.
config::Connection unwritten(const NewConnection& connection, Context& context) {
  config::ConnectionSelection selection;
  selection.temporary = true;
  for (const auto& [key, value] : connection_file::values_of(connection))
    selection.options.emplace(key, value);
  auto result = context.resolver.connections().select(selection);
  result.name = connection.name;
  result.origins.clear();
  if (!connection.passphrase.empty())
    config::set_value(result, "private_key_passphrase", connection.passphrase, {});
  result.has_secret_option = false;
  return result;
}

/// Snowflake does not know the key: waits until the user has registered it.
void wait_for_key(const net::PrivateKey& key, const NewConnection& connection, Context& context) {
  context.out << "Snowflake does not know this key yet as one of user " << base::printable(connection.user)
              << ".\n";
  print_statement(key, connection, context);
  wait_for_enter(context);
}

/// Points out what a user may not see in a password that was refused, such as a space at its end.
void print_hint_for_password(const NewConnection& connection, Context& context) {
  if (connection.method != LoginMethod::password) return;
  const auto hint = config::next_step_for_password(connection.secret.reveal());
  if (!hint.empty()) context.out << "  " << hint << '\n';
}

/// The keys of the connection that may be wrong. The host of a new connection is that of its account.
std::vector<std::string> keys_to_ask_for(const Error& error) {
  auto keys = error.next_step().keys;
  std::ranges::replace(keys, std::string{"host"}, std::string{"account"});
  return keys;
}

/// Logs in, and asks again for what Snowflake refused. As many times as a password may be typed without
/// locking the user. Throws the last refusal: then nothing is written.
Added log_in_or_ask(NewConnection& connection, const std::optional<net::PrivateKey>& key, Context& context) {
  std::map<std::string, int> refusals;  // by what was wrong
  while (true) {
    context.out << "Logging in to test it.\n" << std::flush;
    try {
      const auto tried = unwritten(connection, context);
      const auto host = context.resolver.registry_of(tried);
      return {{}, {}, log_in(host, tried, snowflake::Refresh::login, context), {}};
    } catch (const Error& error) {
      const auto keys = keys_to_ask_for(error);
      if (keys.empty()) {
        context.out << "Not logged in: " << error.what() << '\n';
        return {{}, {}, {}, error};
      }
      const bool is_unknown_key = key && keys.front() == "private_key_file";
      if (++refusals[keys.front()] == snowflake::max_typed_attempts) {
        // The answers are right once an administrator has registered the key.
        if (is_unknown_key) return {{}, {}, {}, error};
        const bool is_account = keys.front() == "account";
        throw Error(error.kind(), error.what(),
                    "no connection was written; " + command_that_asks(context) + " asks again" +
                        (is_account ? ": for the account, write what this returns in a worksheet:\n  " +
                                          std::string{connection_file::account_query}
                                    : ""),
                    error.consequences());
      }
      if (is_unknown_key) {
        wait_for_key(*key, connection, context);
        continue;
      }
      context.out << error.what() << '\n';
      print_hint_for_password(connection, context);
      context.out.flush();
      const auto account = connection.account;
      bool has_asked = false;
      for (const auto& asked : keys) has_asked = ask_again(asked, connection, context) || has_asked;
      // A host that does not resolve, and an account that the user keeps: there is no network.
      const bool is_offline = error.next_step().keys.front() == "host" && connection.account == account;
      if (!has_asked || is_offline) return {{}, {}, {}, error};
    }
  }
}

/// Whether this login needs a second factor. The user is asked where only the user can know.
bool needs_second_factor(SecondFactor second_factor, Context& context) {
  if (second_factor != SecondFactor::unknown) return second_factor == SecondFactor::used;
  context.out.flush();
  return ui::confirm("Did you approve this login on your phone?", cli::without_terminal);
}

/// Without a second factor the connection gets the authenticator with which docker push logs in by itself.
/// The session is kept under it, so that there is no other login.
void choose_authenticator(NewConnection& connection, Verified& verified, Context& context) {
  if (connection.method != LoginMethod::password || needs_second_factor(verified.second_factor, context))
    return;
  connection.may_need_second_factor = false;
  const auto changed = unwritten(connection, context);
  context.wiring.session(verified.connection).use_authenticator(changed.authenticator());
  verified.connection = changed;
  context.out << "Snowflake asked for no second factor: authenticator = \"snowflake\" is written"
              << (connection.secret.empty() ? "" : ", and docker push logs in by itself") << ".\n";
}

/// The only schema with repositories that the role can see; absent when there are several, or its name needs
/// quotes.
std::optional<VisibleRepository> only_schema(const std::vector<VisibleRepository>& repositories) {
  const auto is_simple = [](const std::string& name) {
    return snowflake::is_identifier(name) && snowflake::quoted_identifier(name) == name;
  };
  if (repositories.empty()) return std::nullopt;
  const auto& first = repositories.front();
  const bool is_only = std::ranges::all_of(repositories, [&](const auto& each) {
    return each.database == first.database && each.schema == first.schema;
  });
  return is_only && is_simple(first.database) && is_simple(first.schema) ? std::optional{first}
                                                                         : std::nullopt;
}

/// Adds that schema to the connection, so that short names work, and to the session, so that the connection
/// does not need another login.
void add_schema(NewConnection& connection, const Verified& verified, Context& context) {
  const auto only = only_schema(verified.repositories);
  if (!only || !verified.login.database.empty()) return;
  try {
    context.wiring.session(verified.connection).use_schema(only->database, only->schema);
  } catch (const Error&) {
    // Names can be written in full.
    return;
  }
  connection.database = only->database;
  connection.schema = only->schema;
  context.out << "Added database = \"" << only->database << "\" and schema = \"" << only->schema
              << "\", where all repositories of role " << base::printable(verified.login.role) << " are.\n";
}

Added log_in_and_write(NewConnection connection, const std::filesystem::path& path,
                       const std::optional<net::PrivateKey>& key, Context& context) {
  Added added;
  try {
    if (key) wait_for_enter(context);
    added = log_in_or_ask(connection, key, context);
    if (added.verified) {
      choose_authenticator(connection, *added.verified, context);
      add_schema(connection, *added.verified, context);
    }
  } catch (const base::Interrupted&) {
    // The statement may be on its way to an administrator.
    const base::InterruptionShield shield;
    if (key) {
      write_connection(connection, path, context);
      print_step_with_key(connection, context);
    }
    throw;
  }
  write_connection(connection, path, context);
  added.name = connection.name;
  added.file = path;
  return added;
}

}  // namespace

std::optional<Added> add_connection(NewConnection connection, bool logs_in, Context& context) {
  const auto path = connection_file::file_for_new_connection(context.resolver.paths(), context.environment);
  if (!connection.name.empty()) connection_file::check(connection);
  const auto& connections = context.resolver.connections();
  const bool asks = connection.account.empty();
  if (connection.name.empty() && connections.names().empty()) connection.name = connections.default_name();
  if (connection.name.empty()) ask_name(connection, context);
  connection_file::check(connection);
  // Before anything is asked or written: a name that is taken, a file that is not TOML or cannot be written.
  const auto require_free = [&] {
    const auto file = UserFile::read(path);
    static_cast<void>(connection_file::with_connection(file.text.value_or(""), path, connection));
    try {
      file.require_writable();
    } catch (const Error& error) {
      throw Error(error.kind(), error.what(),
                  error.hint() + "; or use another directory: export SNOWFLAKE_HOME=<directory>, then " +
                      command_that_asks(context));
    }
  };
  require_free();
  ask_rest(connection, context);
  if (connection.method == LoginMethod::key_pair && connection.private_key.empty())
    connection.private_key = connection_file::key_file_for(connection.name, path);
  require_free();

  context.out << "\nTo be added to " << path.string() << ":\n\n"
              << connection_file::toml_of(connection, path, false) << '\n';
  warn_of_secret(connection, context);
  context.out.flush();
  if (asks && !ui::confirm("Write this?", cli::without_terminal, ui::OnEnter::yes)) {
    context.out << "Nothing was changed.\n";
    return {};
  }
  std::optional<net::PrivateKey> key;
  if (connection.method == LoginMethod::key_pair) key = key_of(connection, context);
  if (key && asks) print_statement(*key, connection, context);
  if (asks && logs_in) return log_in_and_write(std::move(connection), path, key, context);
  write_connection(connection, path, context);
  if (key && asks) wait_for_enter(context);
  if (key && !asks) print_statement(*key, connection, context);
  return Added{connection.name, path, {}, {}};
}

}  // namespace plugin::commands::setup
