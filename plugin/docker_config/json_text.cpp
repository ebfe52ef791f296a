// SPDX-License-Identifier: Apache-2.0
#include "docker_config/json_text.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace plugin::docker_config {
namespace {

using Type = JsonValue::Type;

/// As in Go's scanner.
constexpr std::size_t max_depth = 10'000;
/// Members and elements that are stored: far more than any real file has, and still little memory.
constexpr std::size_t max_stored = 200'000;
constexpr std::string_view replacement_character = "\xef\xbf\xbd";

/// The value of a string that is written in these quotes, with the right syntax.
std::string unquoted(std::string_view text) {
  std::string result;
  const auto value_of = [](std::string_view escaped) {
    return base::parse_json("\"" + std::string{escaped} + "\"");
  };
  for (text = text.substr(1, text.size() - 2); !text.empty();) {
    auto size = base::character_size(text);
    if (text[0] != '\\') {
      result += size == 0 ? replacement_character : text.substr(0, size);
      text.remove_prefix(std::max<std::size_t>(size, 1));
      continue;
    }
    size = text[1] == 'u' ? 6 : 2;
    auto character = value_of(text.substr(0, size));
    // Two escape sequences are one character when they are a pair of surrogates.
    if (!character && (character = value_of(text.substr(0, 2 * size)))) size *= 2;
    result += character ? character->get<std::string>() : replacement_character;
    text.remove_prefix(size);
  }
  return result;
}

struct Fault {
  std::size_t at;
  const char* what;
  const char* before = "this is not valid JSON: ";
};

class Scanner {
public:
  explicit Scanner(std::string_view text) : text_(text) {}

  /// Without recursion: a stack is small, a file may be deep.
  JsonValue document() {
    JsonValue root;
    skip_space();
    value(&root);
    while (!open_.empty()) {
      auto& innermost = open_.back();
      skip_space();
      if (take(innermost.closing)) {
        if (innermost.value != nullptr) innermost.value->end = at_;
        open_.pop_back();
      } else if (innermost.is_empty || take(',')) {
        innermost.is_empty = false;
        skip_space();
        child();
      } else {
        throw Fault{at_, innermost.closing == '}' ? "expected a comma or }" : "expected a comma or ]"};
      }
    }
    if (root.type != Type::object) throw Fault{root.begin, "the outermost value must be an object, { }", ""};
    return root;
  }

private:
  /// An object or array whose end has not been read.
  struct Open {
    char closing;
    JsonValue* value;  ///< null when it is nested too deep to be stored
    bool is_empty = true;
  };

  char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void skip_space() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

  /// Reads a value, of an object or array only its first character, and stores it unless `result` is null.
  void value(JsonValue* result) {
    const auto begin = at_;
    const auto type = next() == '{' ? Type::object : next() == '[' ? Type::array : scalar();
    if (type == Type::object || type == Type::array) {
      open_.push_back({type == Type::object ? '}' : ']', result});
      if (open_.size() > max_depth) throw Fault{at_, "this is nested more than 10,000 levels deep"};
      ++at_;
    }
    if (result == nullptr) return;
    result->type = type;
    result->begin = begin;
    result->end = at_;
  }

  /// Reads a member or an element of the innermost open value.
  void child() {
    const auto [closing, parent, is_empty] = open_.back();
    const bool is_stored = open_.size() <= JsonText::stored_levels;
    if (is_stored && ++stored_ > max_stored) throw Fault{at_, "there are more than 200,000 values"};
    const auto begin = at_;
    const auto key_end = closing == '}' ? key() : begin;
    if (!is_stored) return value(nullptr);
    if (closing == ']') return value(&parent->elements.emplace_back());
    parent->members.push_back({unquoted(text_.substr(begin, key_end - begin)), begin, key_end, {}});
    value(&parent->members.back().value);
  }

  /// Reads a key and its colon. Returns where the key ends.
  std::size_t key() {
    if (next() != '"') throw Fault{at_, "expected a key in double quotes"};
    string();
    const auto end = at_;
    skip_space();
    if (!take(':')) throw Fault{at_, "expected a colon"};
    skip_space();
    return end;
  }

  Type scalar() {
    if (next() == '"') {
      string();
      return Type::string;
    }
    if (next() == '-' || base::is_digit(next())) {
      number();
      return Type::number;
    }
    constexpr std::pair<std::string_view, Type> words[] = {
        {"true", Type::boolean}, {"false", Type::boolean}, {"null", Type::null}};
    for (const auto& [word, type] : words) {
      if (!text_.substr(at_).starts_with(word)) continue;
      at_ += word.size();
      return type;
    }
    throw Fault{at_, next() == '/' || next() == '#' ? "JSON has no comments" : "expected a value"};
  }

  void string() {
    const auto begin = at_++;
    while (!take('"')) {
      if (at_ >= text_.size()) throw Fault{begin, "the closing quote is missing"};
      if (static_cast<unsigned char>(text_[at_]) < 0x20) {
        throw Fault{at_, next() == '\n' || next() == '\r' ? "the closing quote is missing"
                                                          : "a control character must be written as \\u00XX"};
      }
      if (take('\\')) {
        escape();
      } else {
        ++at_;
      }
    }
  }

  void escape() {
    constexpr std::string_view simple = "\"\\/bfnrt";
    if (take('u')) {
      for (int digit = 0; digit < 4; ++digit, ++at_) {
        if (std::string_view{"0123456789abcdefABCDEF"}.find(next()) == std::string_view::npos)
          throw Fault{at_, "expected four hexadecimal digits after \\u"};
      }
    } else if (next() != '\0' && simple.find(next()) != std::string_view::npos) {
      ++at_;
    } else {
      throw Fault{at_, "this is not an escape sequence of JSON"};
    }
  }

  void digits() {
    if (!base::is_digit(next())) throw Fault{at_, "expected a digit"};
    while (base::is_digit(next())) ++at_;
  }
  void number() {
    take('-');
    if (!take('0')) digits();
    if (take('.')) digits();
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      digits();
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t stored_ = 0;
  std::vector<Open> open_;  ///< the innermost last
};

/// Encodings that look like JSON in an editor.
void refuse_encoding(std::string_view text, const std::string& name) {
  if (text.starts_with("\xef\xbb\xbf")) {
    throw base::Error(base::Kind::config,
                      name + " begins with a byte order mark, and Docker ignores a file that does",
                      "remove it: sed -i '1s/^\\xef\\xbb\\xbf//' '" + name + "'");
  }
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    throw base::Error(base::Kind::config, name + " is in UTF-16, which Docker cannot read",
                      "convert it: iconv -f UTF-16 -t UTF-8 '" + name + "'");
  }
}

}  // namespace

JsonText JsonText::parse(std::string text, const std::string& name) {
  refuse_encoding(text, name);
  JsonText result;
  result.text_ = std::move(text);
  result.name_ = name;
  try {
    result.root_ = Scanner{result.text_}.document();
  } catch (const Fault& fault) {
    throw base::Error(base::Kind::config, result.location(fault.at) + ": " + fault.before + fault.what,
                      "correct the file there; Docker ignores it until then");
  }
  return result;
}

std::string JsonText::string_of(const JsonValue& value) const {
  return value.type == Type::string ? unquoted(of(value)) : std::string{};
}

std::string JsonText::location(std::size_t offset) const {
  const auto before = between(0, std::min(offset, text_.size()));
  const auto line = 1 + std::ranges::count(before, '\n');
  const auto line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  // Counts characters: the second and later bytes of a character in UTF-8 begin with the bits 10.
  const auto column = 1 + std::ranges::count_if(before.substr(line_begin), [](char c) {
                        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
                      });
  return name_ + ":" + std::to_string(line) + ":" + std::to_string(column);
}

std::string quoted(const std::string& text) { return base::dump_json(base::OrderedJson(text)); }

bool is_field(std::string_view key, std::string_view field) {
  std::string folded{key};
  // The only characters beyond ASCII that fold to ASCII letters: the long s and the Kelvin sign.
  constexpr std::pair<std::string_view, char> others[] = {{"\xc5\xbf", 's'}, {"\xe2\x84\xaa", 'k'}};
  for (const auto& [character, letter] : others) {
    for (auto at = folded.find(character); at != std::string::npos; at = folded.find(character, at))
      folded.replace(at, character.size(), 1, letter);
  }
  return base::equals_ignoring_case(folded, field);
}

}  // namespace plugin::docker_config
