// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace plugin::docker_config {

struct JsonMember;

/// A value in a JSON text, and where it is. Members and elements are stored down to
/// `JsonText::stored_levels`; what is nested deeper is only checked.
struct JsonValue {
  enum class Type { object, array, string, number, boolean, null };
  Type type = Type::null;
  std::size_t begin = 0;
  std::size_t end = 0;              ///< the offset after its last byte
  std::vector<JsonMember> members;  ///< of an object, in the order of the text; a key may occur twice
  std::vector<JsonValue> elements;  ///< of an array
};

struct JsonMember {
  std::string key;  ///< unquoted
  std::size_t begin = 0;
  std::size_t key_end = 0;
  JsonValue value;
};

/// A JSON text that can be edited without touching the rest of it. It accepts what Go's encoding/json accepts
/// from a stream (https://pkg.go.dev/encoding/json#Decoder), because Docker reads its config.json with it:
/// text after the first value is ignored, invalid UTF-8 and lone surrogates read as U+FFFD, nesting goes
/// 10,000 deep, and a byte order mark is an error. Time and memory are linear in the text.
class JsonText {
public:
  static constexpr std::size_t stored_levels = 3;

  /// Throws `config` with \c name, line and column when the first value is not JSON or not an object. The
  /// message never quotes the text, which may hold passwords.
  static JsonText parse(std::string text, const std::string& name);

  const std::string& text() const noexcept { return text_; }
  const JsonValue& root() const noexcept { return root_; }
  std::string_view between(std::size_t begin, std::size_t end) const {
    return std::string_view{text_}.substr(begin, end - begin);
  }
  std::string_view of(const JsonValue& value) const { return between(value.begin, value.end); }
  /// The value of a string, unquoted; empty for every other type.
  std::string string_of(const JsonValue& value) const;
  /// `<name>:<line>:<column>`, for messages.
  std::string location(std::size_t offset) const;

private:
  std::string text_;
  std::string name_;
  JsonValue root_;
};

/// `text` as a JSON string. Invalid UTF-8 becomes U+FFFD.
std::string quoted(const std::string& text);

/// Whether a member called `key` fills the field `field` (ASCII letters): Go ignores case, with the simple
/// case folding of Unicode.
bool is_field(std::string_view key, std::string_view field);

}  // namespace plugin::docker_config
