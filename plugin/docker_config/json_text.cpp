// SPDX-License-Identifier: Apache-2.0
#include "docker_config/json_text.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/json.hpp"

namespace docker_config {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
/// Files of this kind are three levels deep; a stack is not endless.
constexpr int deepest = 500;

/// A fault and where it is.
struct Fault {
  std::size_t at;
  const char* what;
};

class Reader {
public:
  explicit Reader(std::string_view text) : text_(text) {}

  JsonValue document() {
    if (text_.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
    skip_space();
    auto root = value(0);
    if (root.type != JsonValue::Type::object) throw Fault{root.begin, "the outermost value has to be { }"};
    skip_space();
    if (at_ < text_.size()) throw Fault{at_, "there is something behind the last }"};
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

  JsonValue value(int depth) {
    if (depth > deepest) throw Fault{at_, "this is nested too deeply"};
    JsonValue result;
    result.begin = at_;
    if (take('{')) {
      result.type = JsonValue::Type::object;
      members(result.members, depth);
    } else if (take('[')) {
      result.type = JsonValue::Type::array;
      elements(depth);
    } else if (next() == '"') {
      result.type = JsonValue::Type::text;
      text();
    } else if (next() == '-' || is_digit()) {
      number();
    } else {
      word();
    }
    result.end = at_;
    return result;
  }

  void members(std::vector<JsonMember>& found, int depth) {
    skip_space();
    if (take('}')) return;
    do {
      skip_space();
      JsonMember member;
      member.begin = at_;
      if (next() != '"') throw Fault{at_, "a key in double quotes has to stand here"};
      text();
      member.key_end = at_;
      member.key = unquoted(member.begin);
      skip_space();
      if (!take(':')) throw Fault{at_, "a colon has to stand here"};
      skip_space();
      member.value = value(depth + 1);
      found.push_back(std::move(member));
      skip_space();
    } while (take(','));
    if (!take('}')) throw Fault{at_, "a comma or } has to stand here"};
  }

  void elements(int depth) {
    skip_space();
    if (take(']')) return;
    do {
      skip_space();
      value(depth + 1);
      skip_space();
    } while (take(','));
    if (!take(']')) throw Fault{at_, "a comma or ] has to stand here"};
  }

  void text() {
    const auto begin = at_++;
    bool is_ascii = true;
    while (!take('"')) {
      if (at_ >= text_.size()) throw Fault{begin, "a closing quote is missing"};
      const auto byte = static_cast<unsigned char>(text_[at_]);
      if (byte < 0x20) throw Fault{at_, "a closing quote is missing"};
      is_ascii = is_ascii && byte < 0x80;
      if (take('\\')) {
        escape();
      } else {
        ++at_;
      }
    }
    if (!is_ascii) unquoted(begin);
  }

  void escape() {
    constexpr std::string_view simple = "\"\\/bfnrt";
    if (take('u')) {
      for (int digit = 0; digit < 4; ++digit, ++at_) {
        if (std::string_view{"0123456789abcdefABCDEF"}.find(next()) == std::string_view::npos)
          throw Fault{at_, "four hexadecimal digits have to follow \\u"};
      }
    } else if (next() != '\0' && simple.find(next()) != std::string_view::npos) {
      ++at_;
    } else {
      throw Fault{at_, "this is no escape of JSON"};
    }
  }

  bool is_digit() const { return next() >= '0' && next() <= '9'; }
  void digits() {
    if (!is_digit()) throw Fault{at_, "a digit has to stand here"};
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

  void word() {
    for (const std::string_view word : {"true", "false", "null"}) {
      if (!text_.substr(at_).starts_with(word)) continue;
      at_ += word.size();
      return;
    }
    throw Fault{at_, next() == '/' || next() == '#' ? "JSON has no comments" : "a value has to stand here"};
  }

  /// What the text in quotes means that begins there and has just been read.
  std::string unquoted(std::size_t begin) const {
    const auto text = base::parse_json(text_.substr(begin, at_ - begin));
    if (!text) throw Fault{begin, "this text is not Unicode"};
    return text->get<std::string>();
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

JsonText JsonText::parse(std::string text, const std::string& name) {
  JsonText result;
  result.text_ = std::move(text);
  result.name_ = name;
  try {
    result.root_ = Reader{result.text_}.document();
  } catch (const Fault& fault) {
    throw base::Error(base::Kind::config, result.place(fault.at) + ": this is not JSON: " + fault.what,
                      "correct the file at that place; it was left as it is");
  }
  return result;
}

std::string JsonText::place(std::size_t offset) const {
  const auto before = between(0, std::min(offset, text_.size()));
  const auto line = 1 + std::ranges::count(before, '\n');
  const auto line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  // Letters, not bytes: the others of a letter in UTF-8 begin with 10.
  const auto column = 1 + std::ranges::count_if(before.substr(line_begin), [](char c) {
                        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
                      });
  return name_ + ":" + std::to_string(line) + ":" + std::to_string(column);
}

std::string quoted(const std::string& text) { return base::OrderedJson(text).dump(); }

}  // namespace docker_config
