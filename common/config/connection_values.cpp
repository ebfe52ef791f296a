// SPDX-License-Identifier: Apache-2.0
#include "config/connection_values.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/masking.hpp"
#include "base/text.hpp"
#include "config/connection_keys.hpp"
#include "config/value_reference.hpp"
#include "config/value_repair.hpp"

namespace config {
namespace {

using base::Error;
using base::Kind;
using ValueKind = ConnectionKey::Kind;

ValueKind kind_of(std::string_view key) {
  const auto* known = find_connection_key(key);
  return known == nullptr ? ValueKind::text : known->kind;
}

bool is_any_of(ValueKind kind, std::initializer_list<ValueKind> kinds) {
  return std::ranges::find(kinds, kind) != kinds.end();
}

/// Such as <password> or <your-account>, copied from documentation.
bool is_placeholder(std::string_view value, ValueKind kind) {
  value = base::trim(value);
  const auto is_word = [](std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
      return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-' || c == ' ';
    });
  };
  if (value.size() > 2 && value.starts_with('<') && value.ends_with('>'))
    return is_word(value.substr(1, value.size() - 2));
  // your_user, YOUR-ACCOUNT: a password may be any word.
  const auto lower = base::to_lower(value);
  return kind != ValueKind::password && is_word(value) &&
         (lower.starts_with("your_") || lower.starts_with("your-"));
}

bool is_option(std::string_view origin) { return origin.starts_with("--"); }

/// Whether an origin is a variable. One that holds whole TOML files is followed by a line number.
bool is_variable(std::string_view origin) {
  return origin.starts_with("SNOWFLAKE_") && origin.find(':') == std::string_view::npos;
}

std::string origin_of(const Connection& connection, std::string_view key) {
  const auto found = connection.origins.find(key);
  return found == connection.origins.end() ? std::string{} : found->second;
}

/// The option or the variable that sets `key` where the user sets `key`, or else `beside`; empty for a file.
std::string option_or_variable(const Connection& connection, std::string_view key, std::string_view beside) {
  constexpr std::string_view of_one_connection = "SNOWFLAKE_CONNECTIONS_";
  auto origin = origin_of(connection, key);
  if (is_option(origin) || is_variable(origin)) return origin;
  const auto* known = find_connection_key(key);
  if (!origin.empty() || known == nullptr) return {};
  origin = origin_of(connection, beside);
  if (is_option(origin) && known->option == ConnectionKey::Option::value)
    return std::string{known->first_flag()};
  const auto suffix = "_" + base::to_upper(beside);
  if (origin.starts_with(of_one_connection) && origin.ends_with(suffix))
    return origin.substr(0, origin.size() - suffix.size()) + "_" + base::to_upper(key);
  // Nothing else makes a connection without a name.
  const bool is_of_variables = connection.name.empty() && !is_option(origin);
  return is_of_variables && known->from_variable ? "SNOWFLAKE_" + base::to_upper(key) : "";
}

/// Refuses the value of one key.
class ValueCheck {
public:
  ValueCheck(const Connection& connection, std::string_view key, const base::Environment& environment)
      : connection_(connection), key_(key), kind_(kind_of(key)), environment_(environment) {}

  void run(std::string_view value) const {
    const bool must_be_text = !is_any_of(kind_, {ValueKind::text, ValueKind::word, ValueKind::number});
    const bool is_text = !connection_.non_text_keys.contains(key_);
    if (must_be_text && !is_text) refuse("is not a string", "write it in quotes: " + key_ + " = \"...\"");
    if (!is_text && kind_ != ValueKind::text && (value.starts_with('[') || value.starts_with('{')))
      refuse("is a list or a table", "write one value: " + key_ + " = \"...\"");
    if (!base::is_utf8(value))
      refuse("is not text in UTF-8", "write it in UTF-8: iconv -f ISO-8859-1 -t UTF-8 converts a file");
    check_reference(value);
    if (kind_ != ValueKind::text && is_placeholder(value, kind_))
      refuse("is still the placeholder from an example", "replace it with the value, without < and >");
    if (is_any_of(kind_, {ValueKind::key, ValueKind::text})) return;
    if (kind_ == ValueKind::password) return check_password(value);
    if (kind_ == ValueKind::token) return check_token(value);
    if (kind_ == ValueKind::path) return check_path(value);
    check_secret_in_place_of(value);
    check_length(value);
    check_visible(value);
    const bool has_address = base::to_lower(value).find("://") != std::string::npos;
    if (has_address && is_any_of(kind_, {ValueKind::user, ValueKind::identifier}))
      refuse("is a URL, not a name", "set " + key_ + " to the name alone");
  }

private:
  [[noreturn]] void refuse(const std::string& what, const std::string& hint) const {
    const auto found = connection_.origins.find(key_);
    const std::string origin = found == connection_.origins.end() ? "" : " (" + found->second + ")";
    const std::string whose =
        connection_.name.empty() ? "" : " '" + base::printable(connection_.name, 100) + "'";
    throw Error(Kind::config, key_ + " of the connection" + whose + " " + what + origin,
                {hint, base::Needs::connection});
  }

  void check_reference(std::string_view value) const {
    const auto reference = find_reference(value, kind_ == ValueKind::password);
    if (reference.empty()) return;
    if (reference.variable.empty()) refuse("is " + reference.what, "set " + key_ + " to the value itself");
    const auto origin = origin_of(connection_, key_);
    if (origin.starts_with("SNOWFLAKE_")) {
      refuse("is " + reference.what + ", which is not expanded",
             "set " + origin + " to the value itself; a shell expands \"$NAME\" only outside of ''");
    }
    const auto* known = find_connection_key(key_);
    const std::string own = "SNOWFLAKE_" + base::to_upper(key_);
    const bool is_read = known != nullptr && known->from_variable;
    std::string hint = "write the value itself";
    if (is_read) hint = "remove " + key_ + " from the connection and set " + own + ", or " + hint;
    if (is_read && reference.variable == own && environment_.non_empty(own))
      hint = "remove " + key_ + " from the connection: " + own + " is set, and is used then";
    refuse("is " + reference.what + ", and those are not expanded in files", hint);
  }

  void check_password(std::string_view value) const {
    if (value.find("-----BEGIN ") != std::string_view::npos)
      refuse("is a private key", "use private_key_file, with authenticator = \"SNOWFLAKE_JWT\"");
    if (base::has_control_characters(value)) {
      const bool is_line_end = value.ends_with('\n') || value.ends_with('\r');
      refuse(is_line_end ? "ends with a newline" : "has a control character",
             "remove it; 'printf %s' writes a file without a newline");
    }
    if (value.starts_with("file:/") || value.starts_with("@/") || value.starts_with("/run/secrets/"))
      refuse("is the path of a file", "set it to the content of that file");
    if (value.starts_with("\uFEFF")) refuse("begins with a byte order mark", "save it as UTF-8 without one");
    for (const std::string_view character : {"\u200B", "\u200C", "\u2060", "\uFEFF"}) {
      if (value.find(character) != std::string_view::npos)
        refuse("contains an invisible character", "type it again instead of pasting it");
    }
    if (!value.empty() && without_blanks(value).empty())
      refuse("consists of spaces", "set it to the password, or remove it");
  }

  /// A key in place of its path is refused where the file is read.
  void check_path(std::string_view value) const {
    if (!value.starts_with('$') || value.find('/') == std::string_view::npos) return;
    refuse("begins with a variable, and those are not expanded", "write ~/ or the absolute path");
  }

  void check_token(std::string_view value) const {
    if (value.find("-----BEGIN ") != std::string_view::npos)
      refuse("is a private key", "use private_key_file, with authenticator = \"SNOWFLAKE_JWT\"");
    if (key_ == "token" && value.find("://") != std::string_view::npos)
      refuse("is a URL, not a token", "set it to the token itself");
    if (key_ == "token" &&
        (value.starts_with("~/") || value.starts_with("./") || value.starts_with("../") ||
         (value.starts_with('/') && value.size() < 200 && !base::looks_like_secret(value))))
      refuse("looks like the path of a file", "use that path as token_file_path");
    if (key_ == "passcode" && value.find_first_not_of("0123456789") != std::string_view::npos)
      refuse("is not a number", "use the digits that the authenticator app shows now");
    const auto is_wrong = [](unsigned char c) { return c <= ' ' || c > '~' || c == '"' || c == '\''; };
    const auto found = std::ranges::find_if(value, is_wrong);
    if (found == value.end()) return;
    refuse(*found == ' ' || *found == '\n' ? "contains a space or a newline"
                                           : "contains a character that no token has",
           "copy the token again, without anything before or after it");
  }

  void check_secret_in_place_of(std::string_view value) const {
    if (!base::looks_like_secret(value) || key_ == "oauth_client_id") return;
    refuse(
        "looks like a private key or a token",
        "a key belongs in private_key_raw or SNOWFLAKE_PRIVATE_KEY_RAW, a token in token or SNOWFLAKE_TOKEN");
  }

  void check_length(std::string_view value) const {
    // In bytes: Snowflake's names have at most 255 characters.
    constexpr std::size_t max_name = 255U * 4;
    if (is_any_of(kind_, {ValueKind::user, ValueKind::identifier}) && value.size() > max_name)
      refuse("is too long for a name", "check that it is not something else");
  }

  void check_visible(std::string_view value) const {
    if (base::has_control_characters(value) || has_invisible(value))
      refuse("contains an invisible character", "type it again instead of pasting it");
  }

  const Connection& connection_;
  std::string key_;
  ValueKind kind_;
  const base::Environment& environment_;
};

}  // namespace

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

void check_values(const Connection& connection, const base::Environment& environment) {
  for (const auto& [key, value] : connection.fields)
    ValueCheck{connection, key, environment}.run(value.reveal());
  for (const char* key : {"login_timeout", "network_timeout", "external_browser_timeout"})
    static_cast<void>(connection.seconds(key));
}

void check_token_from_file(const Connection& connection, const base::Secret& token, std::string file) {
  Connection one{.name = connection.name, .fields = {{"token", token}}};
  one.origins.emplace("token", std::move(file));
  ValueCheck{one, "token", base::Environment{}}.run(token.reveal());
}

void check_address(const Connection& connection) {
  const base::Environment none;
  for (const char* key : {"account", "host", "region", "port"}) {
    if (connection.has(key)) ValueCheck{connection, key, none}.run(connection.text(key));
  }
}

}  // namespace config
