// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ostream>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "commands/setup/setup.hpp"
#include "docker_config/config_file.hpp"
#include "net/crypto.hpp"
#include "net/private_key.hpp"
#include "settings_file/settings_file.hpp"
#include "snowflake/auth/requirements.hpp"
#include "snowflake/sql_text.hpp"
#include "ui/tty.hpp"

namespace plugin::commands::setup {
namespace {

using base::Error;
using base::Kind;
using connection_file::LoginMethod;
using connection_file::NewConnection;
using docker_config::ConfigFile;

constexpr int max_answers = 3;
constexpr const char* without_terminal =
    "docker snowflake connection add <name> --account <organization>-<account> --user <user>";

/// Asks until `accept` does not throw, three times at most.
template <typename Accept>
void ask(const std::string& question, Context& context, const Accept& accept) {
  for (int answers = 1;; ++answers) {
    const auto answer = ui::ask_line(question, without_terminal);
    try {
      return accept(answer);
    } catch (const Error& error) {
      if (answers == max_answers) throw;
      context.out << error.what() << '\n';
      if (!error.hint().empty()) context.out << "  " << error.hint() << '\n';
      context.out.flush();
    }
  }
}

void require_text(const std::string& answer, const char* sentence, const char* hint) {
  if (answer.empty()) throw Error(Kind::usage, sentence, hint);
}

void ask_name(NewConnection& connection, Context& context) {
  const auto names = context.resolver.connections().names();
  ask("Name of the new connection", context, [&](const std::string& answer) {
    require_text(answer, "A name is needed.", "any word, such as dev");
    if (std::ranges::find(names, answer) != names.end())
      throw Error(Kind::usage, "There is a connection '" + base::printable(answer, 100) + "' already.",
                  "the connections are: " + base::printable(base::join(names, ", "), 500));
    NewConnection named;
    named.name = answer;
    connection_file::check(named);
    connection.name = answer;
  });
}

void ask_account(NewConnection& connection, Context& context) {
  context.out << "\nYour account: <organization>-<account>, or paste the address of Snowsight.\n"
              << std::flush;
  ask("Account", context, [&](const std::string& answer) {
    connection.account = connection_file::account_in(answer);
    connection.host = connection_file::host_in(answer, connection.account);
  });
}

void ask_user(NewConnection& connection, Context& context) {
  ask("User", context, [&](const std::string& answer) {
    require_text(answer, "A user is needed.", "the user name that you log in to Snowsight with");
    auto with_user = connection;
    with_user.user = answer;
    connection_file::check(with_user);
    connection.user = answer;
  });
}

void ask_method(NewConnection& connection, Context& context) {
  context.out << "\nHow do you log in?\n"
                 "  1  in the browser (single sign-on)\n"
                 "  2  with a key pair: a new key is generated\n"
                 "  3  with a programmatic access token\n"
                 "  4  with a password, and MFA if the account asks for it\n"
              << std::flush;
  ask("1, 2, 3 or 4 [1]", context, [&](const std::string& answer) {
    const std::string number = answer.empty() ? "1" : answer;
    if (number.size() != 1 || number.front() < '1' || number.front() > '4')
      throw Error(Kind::usage, "That is not one of the four.", "type 1, 2, 3 or 4");
    connection.method = static_cast<LoginMethod>(number.front() - '1');
  });
}

/// What the command line did not say. A password may be left out: then each login asks for it.
void ask_rest(NewConnection& connection, Context& context) {
  const bool is_new = connection.account.empty();
  if (is_new) ask_account(connection, context);
  if (connection.user.empty()) ask_user(connection, context);
  if (is_new) ask_method(connection, context);
  if (connection.method == LoginMethod::access_token)
    connection.secret = context.prompter.ask("Programmatic access token", without_terminal);
  if (connection.method == LoginMethod::access_token && connection.secret.empty())
    throw Error(Kind::usage, "there is no token to log in with",
                "make one in Snowsight: Settings, Authentication, Programmatic access tokens");
  if (connection.method == LoginMethod::password && is_new)
    connection.secret = context.prompter.ask("Password (Enter: ask at each login)", without_terminal);
  if (is_new && connection.role.empty())
    connection.role = ui::ask_line("Role [your default role]", without_terminal);
}

/// A key that was made, or the one of a file that exists.
net::PrivateKey key_of(const NewConnection& connection, Context& context) {
  const auto& path = connection.private_key;
  if (const auto text = base::read_file(path, {.must_be_own = true})) {
    const base::Secret key{*text};
    return net::PrivateKey::parse(
        key, net::PrivateKey::is_encrypted(key)
                 ? context.prompter.ask("Passphrase of the private key", "use a key without a passphrase")
                 : base::Secret{});
  }
  const auto pem = net::generate_private_key();
  const auto file = ConfigFile::read(path);
  if (file.text || !docker_config::replace(file, std::string{pem.reveal()}))
    throw Error(Kind::config, path.string() + " was made by another program just now", "run this again");
  context.out << "Wrote " << path.string() << ", a new private key\n";
  return net::PrivateKey::parse(pem, {});
}

void write_connection(const NewConnection& connection, const std::filesystem::path& path, Context& context) {
  docker_config::retry_change(path, [&] {
    auto file = ConfigFile::read(path);
    // The Snowflake CLI refuses a file that others can read.
    file.ownership.mode = file.text ? file.ownership.mode & 0700 : 0600;
    return docker_config::replace(file,
                                  connection_file::with_connection(file.text.value_or(""), path, connection));
  });
  context.out << "Wrote " << path.string() << '\n';
  context.resolver.reread();
}

void let_user_register(const net::PrivateKey& key, const NewConnection& connection, bool wait,
                       Context& context) {
  context.out << "\nRun this in a Snowsight worksheet, in a role that may alter the user:\n\n  "
              << alter_user_statement(connection.user, key.public_key()) << "\n\n"
              << std::flush;
  if (wait) static_cast<void>(ui::ask_line("Press Enter when that is done", without_terminal));
}

}  // namespace

bool has_no_connection(Context& context) {
  const auto& connections = context.resolver.connections();
  return connections.names().empty() &&
         connections.chosen({.name = {}, .temporary = true, .options = {}}).fields.empty() &&
         context.resolver.hosts().empty();
}

std::string add_connection(NewConnection connection, Context& context) {
  const auto path = connection_file::file_for_new_connection(context.resolver.paths(), context.environment);
  if (!connection.name.empty()) connection_file::check(connection);
  const auto& connections = context.resolver.connections();
  const bool asks = connection.account.empty();
  if (connection.name.empty() && connections.names().empty()) connection.name = connections.default_name();
  if (connection.name.empty()) ask_name(connection, context);
  connection_file::check(connection);
  ask_rest(connection, context);
  if (connection.method == LoginMethod::key_pair && connection.private_key.empty())
    connection.private_key = connection_file::key_file_for(connection.name, path);
  // Before anything is written: a name that is taken, a file that is not TOML.
  static_cast<void>(
      connection_file::with_connection(ConfigFile::read(path).text.value_or(""), path, connection));

  context.out << "\nTo be added to " << path.string() << ":\n\n"
              << connection_file::toml_of(connection, path, false) << '\n'
              << std::flush;
  if (asks && !ui::confirm("Write this?", without_terminal)) {
    context.out << "Nothing was changed.\n";
    return {};
  }
  std::optional<net::PrivateKey> key;
  if (connection.method == LoginMethod::key_pair) key = key_of(connection, context);
  write_connection(connection, path, context);
  if (key) let_user_register(*key, connection, asks, context);
  return connection.name;
}

std::string alter_user_statement(const std::string& user, std::string_view public_key) {
  const bool is_simple = snowflake::is_identifier(user) && !user.starts_with('"');
  // Names are stored in capitals unless they were quoted when they were made, which is rare.
  return "ALTER USER " + (is_simple ? user : snowflake::quoted_identifier(base::to_upper(user))) +
         " SET RSA_PUBLIC_KEY = '" + net::base64(public_key) + "';";
}

void offer_interactive(Context& context) {
  const auto path = context.resolver.paths().settings;
  const auto file = ConfigFile::read(path);
  const auto text = file.text.value_or("");
  const settings_file::Setting setting{{}, "interactive"};
  const auto entries = settings_file::entries(text, path.string());
  const bool is_answered =
      std::ranges::any_of(entries, [&](const auto& entry) { return entry.setting.text() == setting.text(); });
  const auto& connections = context.resolver.connections();
  const auto names = connections.names();
  const bool may_ask = std::ranges::any_of(
      names, [&](const std::string& name) { return snowflake::is_interactive(connections.named(name)); });
  if (is_answered || !may_ask) return;
  const bool yes = ui::confirm("After a login expires, may docker push ask you or open the browser?",
                               "docker snowflake config set interactive terminal");
  try {
    const auto changed = settings_file::set(text, path.string(), setting, yes ? "terminal" : "never");
    if (docker_config::replace(file, changed)) return context.resolver.reread();
    context.err << "Warning: " << path.string() << " was changed by another program just now\n";
  } catch (const Error& error) {
    // The setup itself is done.
    context.err << "Warning: " << error.what() << '\n';
  }
}

}  // namespace plugin::commands::setup
