// SPDX-License-Identifier: Apache-2.0
#include "docker_config/json_text.hpp"

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace plugin::docker_config {
namespace {

using Type = JsonValue::Type;

/// As in Go's scanner.
constexpr std::size_t max_depth = 10'000;
/// Members and elements that are stored: far more than any real file has, and still little memory.
constexpr std::size_t max_kept = 200'000;
constexpr std::string_view replacement_character = "\xef\xbf\xbd";

struct Fault {
  std::size_t at;
  const char* what;
  const char* verdict = "this is not valid JSON: ";
};

class Scanner {
public:
  explicit Scanner(std::string_view text) : text_(text) {}

  JsonValue document() {
    skip_space();
    auto root = value(0);
    if (root.type != Type::object) throw Fault{root.begin, "the outermost value must be an object, { }", ""};
    return root;
  }

private:
  char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void skip_space() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

  JsonValue value(std::size_t level) {
    JsonValue result;
    result.begin = at_;
    const bool is_kept = level < JsonText::kept_levels;
    if (next() == '{') {
      result.type = Type::object;
      is_kept ? members(result.members, level) : skip(level);
    } else if (next() == '[') {
      result.type = Type::array;
      is_kept ? elements(result.elements, level) : skip(level);
    } else {
      result.type = scalar();
    }
    result.end = at_;
    return result;
  }

  void members(std::vector<JsonMember>& found, std::size_t level) {
    ++at_;
    skip_space();
    if (take('}')) return;
    do {
      skip_space();
      JsonMember member;
      member.begin = at_;
      member.key_end = key();
      member.key = unquoted(text_.substr(member.begin, member.key_end - member.begin));
      member.value = value(level + 1);
      found.push_back(std::move(member));
      count();
      skip_space();
    } while (take(','));
    if (!take('}')) throw Fault{at_, "expected a comma or }"};
  }

  void elements(std::vector<JsonValue>& found, std::size_t level) {
    ++at_;
    skip_space();
    if (take(']')) return;
    do {
      skip_space();
      found.push_back(value(level + 1));
      count();
      skip_space();
    } while (take(','));
    if (!take(']')) throw Fault{at_, "expected a comma or ]"};
  }

  void count() {
    if (++kept_ > max_kept) throw Fault{at_, "there are more than 200,000 values"};
  }

  /// Skips an object or array. Without recursion: a stack is small, a file may be deep.
  void skip(std::size_t level) {
    std::string closing;  // what ends each open bracket, the innermost last
    do {
      if (next() == '{' || next() == '[') {
        closing += next() == '{' ? '}' : ']';
        if (level + closing.size() > max_depth)
          throw Fault{at_, "this is nested more than 10,000 levels deep"};
        ++at_;
        skip_space();
        if (!take(closing.back())) {
          if (closing.back() == '}') key();
          continue;
        }
        closing.pop_back();
      } else {
        scalar();
      }
      while (!closing.empty()) {
        skip_space();
        if (take(',')) {
          skip_space();
          if (closing.back() == '}') key();
          break;
        }
        if (!take(closing.back()))
          throw Fault{at_, closing.back() == '}' ? "expected a comma or }" : "expected a comma or ]"};
        closing.pop_back();
      }
    } while (!closing.empty());
  }

  /// Goes on to the value. Returns where the key ends.
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
    if (next() == '-' || is_digit()) {
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

  bool is_digit() const { return next() >= '0' && next() <= '9'; }
  void digits() {
    if (!is_digit()) throw Fault{at_, "expected a digit"};
    while (is_digit()) ++at_;
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

public:
  /// What the string means that is in these quotes, whose syntax is right.
  static std::string unquoted(std::string_view text) {
    std::string result;
    for (std::size_t at = 1; at + 1 < text.size();) {
      const char c = text[at];
      if (c == '\\') {
        at += unescape(text.substr(at), result);
      } else if (static_cast<unsigned char>(c) < 0x80) {
        result += c;
        ++at;
      } else if (const auto size = size_of_character(text.substr(at)); size > 0) {
        result += text.substr(at, size);
        at += size;
      } else {
        result += replacement_character;
        ++at;
      }
    }
    return result;
  }

private:
  static unsigned hexadecimal(std::string_view digits) {
    unsigned number = 0;
    for (const char c : digits) {
      const auto letter = static_cast<unsigned>(c);
      number = number * 16 + (c <= '9' ? letter - '0' : (letter | 0x20U) - 'a' + 10);
    }
    return number;
  }

  /// Appends what the escape sequence at the beginning of `text` means. Returns its size.
  static std::size_t unescape(std::string_view text, std::string& result) {
    constexpr std::string_view names = "bfnrt";
    constexpr std::string_view meanings = "\b\f\n\r\t";
    if (text[1] != 'u') {
      const auto index = names.find(text[1]);
      result += index == std::string_view::npos ? text[1] : meanings[index];
      return 2;
    }
    const unsigned first = hexadecimal(text.substr(2, 4));
    if (first < 0xD800 || first > 0xDFFF) {
      append_utf8(first, result);
      return 6;
    }
    const bool has_second = first < 0xDC00 && text.substr(6).starts_with("\\u");
    const unsigned second = has_second ? hexadecimal(text.substr(8, 4)) : 0;
    if (second < 0xDC00 || second > 0xDFFF) {
      result += replacement_character;
      return 6;
    }
    append_utf8(0x10000 + ((first - 0xD800) << 10U) + (second - 0xDC00), result);
    return 12;
  }

  static void append_utf8(unsigned code, std::string& result) {
    const auto tail = [&](unsigned shift) { result += static_cast<char>(0x80U | ((code >> shift) & 0x3FU)); };
    if (code < 0x80) {
      result += static_cast<char>(code);
    } else if (code < 0x800) {
      result += static_cast<char>(0xC0U | (code >> 6U));
      tail(0);
    } else if (code < 0x10000) {
      result += static_cast<char>(0xE0U | (code >> 12U));
      tail(6);
      tail(0);
    } else {
      result += static_cast<char>(0xF0U | (code >> 18U));
      tail(12);
      tail(6);
      tail(0);
    }
  }

  /// Bytes of the UTF-8 character at the beginning of `text` (Unicode, table 3-7); 0 when there is none.
  static std::size_t size_of_character(std::string_view text) {
    const auto byte = [&](std::size_t index) {
      return index < text.size() ? static_cast<unsigned char>(text[index]) : 0U;
    };
    const unsigned first = byte(0);
    const std::size_t size = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    if (size == 0) return 0;
    const unsigned least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const unsigned greatest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (byte(1) < least || byte(1) > greatest) return 0;
    for (std::size_t index = 2; index < size; ++index) {
      if ((byte(index) & 0xC0U) != 0x80) return 0;
    }
    return size;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t kept_ = 0;
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
    throw base::Error(base::Kind::config, result.location(fault.at) + ": " + fault.verdict + fault.what,
                      "correct the file there; Docker ignores it until then");
  }
  return result;
}

std::string JsonText::string_of(const JsonValue& value) const {
  return value.type == Type::string ? Scanner::unquoted(of(value)) : std::string{};
}

std::string JsonText::location(std::size_t offset) const {
  const auto before = between(0, std::min(offset, text_.size()));
  const auto line = 1 + std::ranges::count(before, '\n');
  const auto line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  // Characters, not bytes: the others of a character in UTF-8 begin with the bits 10.
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
