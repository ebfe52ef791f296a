// SPDX-License-Identifier: Apache-2.0
#include "snowflake/other_token_sources.hpp"

#include "base/child_process.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/masking.hpp"
#include "base/text.hpp"
#include "config/connection_keys.hpp"
#include "snowflake/api.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "snowflake/codes.hpp"

namespace snowflake {
namespace {

using base::Error;
using base::Kind;

constexpr std::chrono::hours assumed_life{1};

/// The error message of `snow`, without the frame that it draws.
std::string sentence_in(std::string text) {
  for (const std::string_view line : {"╭", "╮", "╰", "╯", "─", "│"}) {
    for (auto at = text.find(line); at != std::string::npos; at = text.find(line))
      text.erase(at, line.size());
  }
  std::vector<std::string> lines;
  for (const auto& line : base::split(text, '\n')) {
    const auto words = base::trim(line);
    if (!words.empty() && words != "Error") lines.emplace_back(words);
  }
  return base::printable(base::join(lines, " "), 500);
}

/// The JSON object in the output of `snow`, which may also print a note about a newer version.
std::string_view object_in(std::string_view text) {
  const auto begin = text.find('{');
  const auto end = text.rfind('}');
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) return {};
  return text.substr(begin, end - begin + 1);
}

/// Six digits before a colon, as Snowflake's connector writes codes.
std::string code_in(std::string_view sentence) {
  for (std::size_t at = sentence.find(':'); at != std::string_view::npos; at = sentence.find(':', at + 1)) {
    if (at < 6) continue;
    const auto code = sentence.substr(at - 6, 6);
    if (code.find_first_not_of("0123456789") == std::string_view::npos) return std::string{code};
  }
  return {};
}

/// A variable with a secret of the connection, which the Snowflake CLI does not get; empty when there is
/// none.
std::string hidden_variable(const config::Connection& connection, const base::Environment& environment) {
  for (const auto& [key, origin] : connection.origins)
    if (config::is_hidden_from_children(origin)) return origin;
  return environment.non_empty("PRIVATE_KEY_PASSPHRASE") ? "PRIVATE_KEY_PASSPHRASE" : "";
}

[[noreturn]] void fail(const base::ProgramResult& result, const config::Connection& connection,
                       const base::Environment& environment) {
  const auto hidden = hidden_variable(connection, environment);
  const base::NextStep test_connection =
      hidden.empty()
          ? base::NextStep{"run: snow connection test" + connection_option(connection), base::Needs::terminal}
          : hidden +
                " is not passed to other programs: set its value in the file of the connection, "
                "or remove through = \"snow\" of the registry from the settings";
  if (result.timed_out) {
    throw Error(Kind::network, "the Snowflake CLI did not answer in time", test_connection);
  }
  const std::string said = sentence_in(result.err.empty() ? result.out : result.err);
  const bool is_counted = counts_against_user(code_in(said));
  throw Error(Kind::denied,
              "the Snowflake CLI got no registry token: " +
                  (said.empty() ? "exit status " + std::to_string(result.status) : said),
              test_connection,
              is_counted ? base::counted : base::Consequences{.pause = base::pause_after_refusal});
}

[[noreturn]] void fail_without_snow() {
  throw Error(Kind::config, "the settings require the Snowflake CLI, but snow is not on the PATH",
              "install it (pip install snowflake-cli), or remove through = \"snow\" from the settings");
}

void require_snow(const config::Connection& connection, const base::Environment& environment) {
  if (is_interactive(connection)) {
    throw Error(
        Kind::login_required, "this connection needs an interactive login, even with the Snowflake CLI",
        {"remove through = \"snow\" of the registry from the settings, then: " + login_command(connection),
         base::Needs::terminal});
  }
  if (!base::find_program("snow", environment)) fail_without_snow();
}

}  // namespace

IssuedToken token_from_snow(const config::Connection& connection, const base::Environment& environment,
                            const base::Deadline& deadline, base::Clock& clock) {
  require_snow(connection, environment);
  std::vector<std::string> words = {"snow", "spcs", "image-registry", "token", "--format", "JSON"};
  if (connection.name.empty()) {
    words.emplace_back("--temporary-connection");
  } else {
    words.insert(words.end(), {"--connection", connection.name});
  }
  if (const std::string role = connection.text("role"); !role.empty())
    words.insert(words.end(), {"--role", role});
  const auto requested_at = clock.now();
  const auto result = base::run_program(words, {}, environment, deadline.left());
  if (!result) fail_without_snow();
  if (result->status != 0) fail(*result, connection, environment);
  const auto json = base::parse_json(object_in(result->out));
  const auto token = json ? base::text_at(*json, "token") : std::nullopt;
  if (!token || token->empty()) {
    throw Error(Kind::network, "the Snowflake CLI did not print a registry token",
                "check: snow spcs image-registry token --format JSON");
  }
  IssuedToken issued;
  issued.value = base::Secret{*token};
  base::add_mask(issued.value);
  issued.issued_at = requested_at;
  issued.expires_at = requested_at + lifetime_at(*json, "expires_in", max_token_life);
  require_usable(issued);
  return issued;
}

token::RegistryToken programmatic_access_token(const config::Connection& connection,
                                               const base::Environment& environment, base::TimePoint now) {
  if (connection.authenticator() != "PROGRAMMATIC_ACCESS_TOKEN") {
    throw Error(Kind::config, "through = \"pat\" needs a connection with a programmatic access token",
                "set authenticator = \"PROGRAMMATIC_ACCESS_TOKEN\" and token_file_path in the "
                "connection, or remove through = \"pat\" from the settings");
  }
  token::RegistryToken token;
  token.username = required_user(connection);
  token.value = required_token(connection, environment);
  token.issued_at = now;
  token.expires_at = now + assumed_life;
  token.connection = connection.name;
  return token;
}

void check_token_source(const config::Connection& connection, const base::Environment& environment,
                        base::TimePoint now) {
  if (connection.token_source == config::TokenSource::snow) require_snow(connection, environment);
  if (connection.token_source == config::TokenSource::programmatic_access_token)
    static_cast<void>(programmatic_access_token(connection, environment, now));
}

}  // namespace snowflake
