// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace docker_config {

struct JsonMember;

/// A value in a text of JSON, and where it stands there.
struct JsonValue {
  enum class Type { object, array, text, other };
  Type type = Type::other;
  std::size_t begin = 0;
  std::size_t end = 0;              ///< just behind it
  std::vector<JsonMember> members;  ///< of an object, as they follow each other; a key may come twice
};

struct JsonMember {
  std::string key;  ///< without its quotes and escapes
  std::size_t begin = 0;
  std::size_t key_end = 0;
  JsonValue value;
};

/// Text of JSON that is to be edited: what is not touched stays as it is, to the byte.
class JsonText {
public:
  /// Takes RFC 8259 with an object outermost, and a byte order mark in front. Throws `config` with \c name,
  /// line and column for anything else; the text itself is never quoted, since it may be a password.
  static JsonText parse(std::string text, const std::string& name);

  const std::string& text() const noexcept { return text_; }
  const JsonValue& root() const noexcept { return root_; }
  std::string_view between(std::size_t begin, std::size_t end) const {
    return std::string_view{text_}.substr(begin, end - begin);
  }
  std::string_view of(const JsonValue& value) const { return between(value.begin, value.end); }
  /// For sentences: `<name>:<line>:<column>`.
  std::string place(std::size_t offset) const;

private:
  std::string text_;
  std::string name_;
  JsonValue root_;
};

/// A text in quotes, as JSON has it.
std::string quoted(const std::string& text);

}  // namespace docker_config
