// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ostream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/command_options.hpp"
#include "commands/setup/setup.hpp"
#include "config/connection_values.hpp"
#include "config/value_repair.hpp"
#include "ui/tty.hpp"

namespace plugin::commands::setup {
namespace {

using base::Error;
using base::Kind;
using connection_file::LoginMethod;
using connection_file::NewConnection;

constexpr int max_answers = 3;

/// Asks with `read` until `accept` does not throw, three times at most.
template <typename Read, typename Accept>
void ask_until(Context& context, const Read& read, const Accept& accept) {
  for (int answers = 1;; ++answers) {
    auto answer = read();
    try {
      return accept(std::move(answer));
    } catch (const Error& error) {
      if (answers == max_answers) {
        throw Error(
            error.kind(), error.what(),
            command_that_asks(context) + " asks again" + (error.hint().empty() ? "" : ": " + error.hint()));
      }
      context.out << error.what() << '\n';
      if (!error.hint().empty()) context.out << "  " << error.hint() << '\n';
      context.out.flush();
    }
  }
}

template <typename Accept>
void ask(const std::string& question, Context& context, const Accept& accept) {
  ask_until(
      context, [&] { return ui::ask_line(question, cli::without_terminal); }, accept);
}

void require_text(const std::string& answer, const char* sentence, const std::string& hint) {
  if (answer.empty()) throw Error(Kind::usage, sentence, hint);
}

/// The question with the old answer, which Enter keeps.
std::string with_default(const char* question, const std::string& old) {
  return old.empty() ? question : question + (" [" + base::printable(old, 100) + "]");
}

/// Throws like `connection_file::check`; then the connection is as it was.
void set_checked(NewConnection& connection, std::string NewConnection::*field, const std::string& value) {
  auto changed = connection;
  changed.*field = value;
  connection_file::check(changed);
  connection = std::move(changed);
}

void ask_account(NewConnection& connection, Context& context) {
  ask(with_default("Account", connection.account), context, [&](const std::string& answer) {
    if (answer.empty() && !connection.account.empty()) return;
    connection.account = connection_file::account_in(answer);
    connection.host = connection_file::host_in(answer, connection.account);
  });
}

void ask_user(NewConnection& connection, Context& context) {
  ask(with_default("User", connection.user), context, [&](const std::string& answer) {
    if (answer.empty() && !connection.user.empty()) return;
    require_text(answer, "A user is needed.", "the user name that you log in to Snowsight with");
    set_checked(connection, &NewConnection::user, answer);
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
    const auto method = connection_file::login_method_of(answer.empty() ? "1" : answer);
    if (!method) throw Error(Kind::usage, "That is not one of the four.", "type 1, 2, 3 or 4");
    connection.method = *method;
  });
}

/// Throws `config` for a secret that cannot be right, such as a token with a space in it.
void check_secret(const char* key, const base::Secret& secret, const Context& context) {
  config::Connection checked;
  config::set_value(checked, key, secret, {});
  checked.origins.clear();
  config::check_values(checked, context.environment);
}

void ask_token(NewConnection& connection, Context& context) {
  ask_until(
      context, [&] { return context.prompter.ask("Programmatic access token", cli::without_terminal); },
      [&](base::Secret answer) {
        if (answer.empty())
          throw Error(Kind::usage, "There is no token to log in with.",
                      "make one in Snowsight: Settings, Authentication, Programmatic access tokens");
        check_secret("token", answer, context);
        connection.secret = std::move(answer);
      });
}

void ask_password(NewConnection& connection, Context& context) {
  ask_until(
      context,
      [&] { return context.prompter.ask("Password (Enter: ask at each login)", cli::without_terminal); },
      [&](base::Secret answer) {
        check_secret("password", answer, context);
        connection.secret = std::move(answer);
      });
}

void ask_role(NewConnection& connection, Context& context) {
  ask("Role [your default role]", context,
      [&](const std::string& answer) { set_checked(connection, &NewConnection::role, answer); });
}

}  // namespace

bool is_connection_add(const Context& context) {
  return std::ranges::find(context.words, "add") != context.words.end();
}

std::string command_that_asks(const Context& context) {
  return is_connection_add(context) ? "docker snowflake connection add" : "docker snowflake setup";
}

void ask_name(NewConnection& connection, Context& context) {
  const auto names = context.resolver.connections().names();
  ask("Name of the new connection", context, [&](const std::string& answer) {
    require_text(answer, "A name is needed.", "any word, such as dev");
    if (std::ranges::find(names, answer) != names.end())
      throw Error(Kind::usage, "Connection '" + base::printable(answer, 100) + "' already exists.",
                  "the connections are: " + base::printable(base::join(names, ", "), 500));
    NewConnection named;
    named.name = answer;
    connection_file::check(named);
    connection.name = answer;
  });
}

void ask_rest(NewConnection& connection, Context& context) {
  const bool is_new = connection.account.empty();
  if (is_new) {
    context.out << "\nYour account: <organization>-<account>, or paste the address of Snowsight.\n"
                << std::flush;
    ask_account(connection, context);
  }
  if (connection.user.empty()) ask_user(connection, context);
  if (is_new && !connection.has_method) ask_method(connection, context);
  const bool has_token_file = !connection.token_file.empty();
  if (connection.method == LoginMethod::access_token && !has_token_file) ask_token(connection, context);
  if (connection.method == LoginMethod::password && is_new) ask_password(connection, context);
  if (is_new && connection.role.empty()) ask_role(connection, context);
}

bool ask_again(std::string_view key, NewConnection& connection, Context& context) {
  if (key == "account") {
    ask_account(connection, context);
  } else if (key == "user") {
    ask_user(connection, context);
  } else if (key == "role") {
    ask_role(connection, context);
  } else if (key == "password" && connection.method == LoginMethod::password) {
    ask_password(connection, context);
  } else if (key == "token" && connection.method == LoginMethod::access_token) {
    ask_token(connection, context);
  } else {
    return false;
  }
  return true;
}

}  // namespace plugin::commands::setup
