// SPDX-License-Identifier: Apache-2.0
#include "config/connection_values.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/error.hpp"
#include "base/masking.hpp"
#include "base/text.hpp"
#include "config/connection_keys.hpp"
#include "config/value_repair.hpp"

namespace config {
namespace {

using base::Error;
using base::Kind;
using ValueKind = ConnectionKey::Kind;

bool is_any_of(ValueKind kind, std::initializer_list<ValueKind> kinds) {
  return std::ranges::find(kinds, kind) != kinds.end();
}

/// Such as <password> or <your-account>, copied from documentation.
bool is_placeholder(std::string_view value, ValueKind kind) {
  value = base::trim(value);
  const auto is_word = [](std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
      return base::is_letter(c) || c == '_' || c == '-' || c == ' ';
    });
  };
  if (value.size() > 2 && value.starts_with('<') && value.ends_with('>'))
    return is_word(value.substr(1, value.size() - 2));
  // your_user, YOUR-ACCOUNT: a password may be any word.
  const auto lower = base::to_lower(value);
  return kind != ValueKind::password && is_word(value) &&
         (lower.starts_with("your_") || lower.starts_with("your-"));
}

bool is_name_character(char c) { return base::is_alphanumeric(c) || c == '_'; }

bool is_name(std::string_view text) {
  return !text.empty() && !base::is_digit(text.front()) && std::ranges::all_of(text, is_name_character);
}

/// The text between `open` and `close` when the value consists of these; absent otherwise.
std::optional<std::string_view> inside(std::string_view value, std::string_view open,
                                       std::string_view close) {
  if (value.size() <= open.size() + close.size() || !value.starts_with(open) || !value.ends_with(close))
    return std::nullopt;
  return value.substr(open.size(), value.size() - open.size() - close.size());
}

/// NAME in `NAME`, `NAME:-default`, `env:NAME`, `secrets.NAME` or `env['NAME']`.
std::string variable_in(std::string_view text) {
  text = base::trim(text);
  for (const std::string_view prefix : {"env:", "env.", "secrets.", "vars.", "variables."}) {
    if (base::to_lower(text).starts_with(prefix)) text.remove_prefix(prefix.size());
  }
  const auto end = std::ranges::find_if_not(text, is_name_character) - text.begin();
  return std::string{text.substr(0, static_cast<std::size_t>(end))};
}

/// The text inside brackets that mark a reference.
std::optional<std::string_view> in_reference_brackets(std::string_view value) {
  constexpr auto pairs =
      std::to_array<std::array<std::string_view, 2>>({{"${{", "}}"},  // GitHub Actions
                                                      {"{{", "}}"},   // Jinja, Helm, Go templates
                                                      {"$(", ")"},    // Azure Pipelines, shells
                                                      {"$[", "]"},    // Azure Pipelines
                                                      {"((", "))"},   // Concourse
                                                      {"#{", "}#"},   // "replace tokens" of Azure Pipelines
                                                      {"#{", "}"},    // Octopus Deploy
                                                      {"<%", "%>"}});
  for (const auto& [open, close] : pairs) {
    const auto inner = inside(value, open, close);
    if (inner && !base::trim(*inner).empty()) return inner;
  }
  // ${NAME:-default} and the like: "${a b}" may be a password.
  const auto inner = inside(value, "${", "}");
  if (!inner || !is_name_character(inner->front())) return std::nullopt;
  const auto end = std::ranges::find_if_not(*inner, is_name_character);
  return end == inner->end() || std::string_view{":.-?+["}.find(*end) != std::string_view::npos
             ? inner
             : std::nullopt;
}

/// The name in $NAME, %NAME%, %env.NAME%, $env:NAME, __NAME__ or @@NAME@@; a password may look like these.
std::string variable_without_brackets(std::string_view value, bool is_password) {
  const std::string lower = base::to_lower(value);
  if (lower.starts_with("$env:")) return variable_in(value.substr(1));
  if (lower.starts_with("%env.") && value.ends_with('%')) return variable_in(value.substr(1));
  const auto is_variable = [&](std::string_view name, bool must_be_long) {
    if (!is_name(name)) return false;
    const bool is_long_upper = name.size() >= 8 && base::to_upper(name) == name;
    return is_long_upper || !(is_password || must_be_long);
  };
  if (value.size() > 1 && value.front() == '$' && is_variable(value.substr(1), false))
    return std::string{value.substr(1)};
  if (const auto name = inside(value, "%", "%"); name && is_variable(*name, false)) return std::string{*name};
  for (const std::string_view mark : {"__", "@@"}) {
    if (const auto name = inside(value, mark, mark); name && is_variable(*name, true))
      return std::string{*name};
  }
  return {};
}

bool is_vault_reference(std::string_view value) {
  constexpr auto prefixes = std::to_array<std::string_view>(
      {"op://", "vault://", "vault:secret/", "ref+", "arn:aws:", "@Microsoft.KeyVault(", "keyvault://",
       "awssm://", "gcpsm://", "secretsmanager://", "ENC["});
  return std::ranges::any_of(prefixes, [&](std::string_view prefix) { return value.starts_with(prefix); }) ||
         (value.starts_with("projects/") && value.find("/secrets/") != std::string_view::npos);
}

/// What logs and web pages show instead of a secret.
bool is_masked_copy(std::string_view value) {
  constexpr auto words = std::to_array<std::string_view>(
      {"[masked]", "[redacted]", "(hidden)", "[hidden]", "(redacted)", "[filtered]", "***"});
  if (std::ranges::find(words, base::to_lower(value)) != words.end()) return true;
  for (const std::string_view mark : {"*", "\u2022", "\u25CF", "\u2219"}) {
    std::size_t end = 0;
    while (value.substr(end).starts_with(mark)) end += mark.size();
    if (end == value.size() && end >= 3 * mark.size()) return true;
  }
  return false;
}

/// What Python, JavaScript, Go and templates write for a missing value.
bool is_null_word(std::string_view value) {
  constexpr auto words = std::to_array<std::string_view>({"None", "null", "undefined", "nil", "<nil>"});
  return std::ranges::find(words, value) != words.end();
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
    // In bytes: Snowflake's names have at most 255 characters.
    constexpr std::size_t max_name = std::size_t{255} * 4;
    const bool must_be_name = is_any_of(kind_, {ValueKind::user, ValueKind::identifier});
    if (must_be_name && value.size() > max_name)
      refuse("is too long for a name", "check that it is not something else");
    if (base::has_control_characters(value) || has_invisible(value))
      refuse("contains an invisible character", "type it again instead of pasting it");
    if (must_be_name && value.find("://") != std::string_view::npos)
      refuse("is a URL, not a name", "set " + key_ + " to the name alone");
  }

private:
  [[noreturn]] void refuse(const std::string& what, const std::string& hint) const {
    const auto set = connection_.origin_of(key_);
    const std::string origin = set.empty() ? "" : " (" + set + ")";
    const std::string whose =
        connection_.name.empty() ? "" : " '" + base::printable(connection_.name, 100) + "'";
    throw Error(Kind::config, key_ + " of the connection" + whose + " " + what + origin,
                {hint, base::Needs::connection});
  }

  void check_reference(std::string_view value) const {
    const auto reference = find_reference(value, kind_ == ValueKind::password);
    if (reference.empty()) return;
    if (reference.variable.empty()) refuse("is " + reference.what, "set " + key_ + " to the value itself");
    const auto origin = connection_.origin_of(key_);
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

  void check_private_key(std::string_view value) const {
    if (value.find("-----BEGIN ") != std::string_view::npos)
      refuse("is a private key", "use private_key_file, with authenticator = \"SNOWFLAKE_JWT\"");
  }

  void check_password(std::string_view value) const {
    check_private_key(value);
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
    check_private_key(value);
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

  const Connection& connection_;
  std::string key_;
  ValueKind kind_;
  const base::Environment& environment_;
};

}  // namespace

ValueReference find_reference(std::string_view value, bool is_password) {
  value = base::trim(value);
  if (const auto inner = in_reference_brackets(value))
    return {"a reference to a variable", variable_in(*inner)};
  if (auto name = variable_without_brackets(value, is_password); !name.empty())
    return {"a reference to a variable", std::move(name)};
  if (is_vault_reference(value)) return {"a reference to a secret in a vault", ""};
  if (is_masked_copy(value)) return {"a masked copy of the value", ""};
  if (is_null_word(value)) return {"what a program writes for a missing value", ""};
  return {};
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
