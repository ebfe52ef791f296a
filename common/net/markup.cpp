// SPDX-License-Identifier: Apache-2.0
#include "net/markup.hpp"

#include <array>
#include <charconv>
#include <cstdint>

#include "base/text.hpp"

namespace net {
namespace {

constexpr std::string_view markup_white_space = " \t\r\n\f";
constexpr std::size_t max_reference = 32;

struct NamedReference {
  std::string_view name;
  char character;
};

constexpr std::array named_references = {NamedReference{"amp", '&'}, NamedReference{"lt", '<'},
                                         NamedReference{"gt", '>'}, NamedReference{"quot", '"'},
                                         NamedReference{"apos", '\''}};

std::string utf8(std::uint32_t code) {
  const auto tail = [code](unsigned shift) { return static_cast<char>(0x80U | ((code >> shift) & 0x3fU)); };
  if (code < 0x80) return {static_cast<char>(code)};
  if (code < 0x800) return {static_cast<char>(0xc0U | (code >> 6U)), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xe0U | (code >> 12U)), tail(6), tail(0)};
  return {static_cast<char>(0xf0U | (code >> 18U)), tail(12), tail(6), tail(0)};
}

/// The character for a reference without its & and ;
std::optional<std::string> character(std::string_view reference) {
  for (const auto& known : named_references) {
    if (known.name == reference) return std::string{known.character};
  }
  if (!reference.starts_with('#')) return std::nullopt;
  reference.remove_prefix(1);
  const bool hexadecimal = reference.starts_with('x') || reference.starts_with('X');
  if (hexadecimal) reference.remove_prefix(1);
  std::uint32_t code = 0;
  const char* end = reference.data() + reference.size();
  const auto [stop, error] = std::from_chars(reference.data(), end, code, hexadecimal ? 16 : 10);
  const bool is_character = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  if (error != std::errc{} || stop != end || !is_character) return std::nullopt;
  return utf8(code);
}

struct Attribute {
  std::string name;
  std::string value;
};

/// Removes the first attribute from `rest`. Absent at the end of the tag.
std::optional<Attribute> take_attribute(std::string_view& rest) {
  const auto skip = [&rest] {
    rest.remove_prefix(std::min(rest.find_first_not_of(markup_white_space), rest.size()));
  };
  skip();
  while (rest.starts_with('/')) {
    rest.remove_prefix(1);
    skip();
  }
  if (rest.empty() || rest.front() == '>') return std::nullopt;
  const auto name_size = std::min(rest.find_first_of(" \t\r\n\f=>/"), rest.size());
  Attribute found{base::to_lower(rest.substr(0, name_size)), {}};
  // Skip an equals sign without a name, so that the loop always advances.
  rest.remove_prefix(name_size == 0 ? 1 : name_size);
  skip();
  if (!rest.starts_with('=')) return found;
  rest.remove_prefix(1);
  skip();
  const bool quoted = rest.starts_with('"') || rest.starts_with('\'');
  const auto end =
      quoted ? rest.find(rest.front(), 1) : std::min(rest.find_first_of(" \t\r\n\f>"), rest.size());
  if (end == std::string_view::npos) return std::nullopt;
  found.value = unescaped(rest.substr(quoted ? 1 : 0, quoted ? end - 1 : end));
  rest.remove_prefix(quoted ? end + 1 : end);
  return found;
}

std::string without_comments(std::string_view markup) {
  std::string result;
  while (true) {
    const auto begin = markup.find("<!--");
    result += markup.substr(0, begin);
    if (begin == std::string_view::npos) return result;
    const auto end = markup.find("-->", begin + 4);
    if (end == std::string_view::npos) return result;
    markup.remove_prefix(end + 3);
  }
}

}  // namespace

std::string unescaped(std::string_view markup) {
  std::string result;
  while (!markup.empty()) {
    const auto ampersand = markup.find('&');
    result += markup.substr(0, ampersand);
    if (ampersand == std::string_view::npos) break;
    markup.remove_prefix(ampersand);
    // Search only as far as the longest reference, so that a page of ampersands does not take quadratic time.
    const auto semicolon = markup.substr(0, max_reference).find(';');
    const auto text =
        semicolon == std::string_view::npos ? std::nullopt : character(markup.substr(1, semicolon - 1));
    result += text.value_or("&");
    markup.remove_prefix(text ? semicolon + 1 : 1);
  }
  return result;
}

std::optional<std::string> element_text(std::string_view markup, std::string_view name) {
  const std::string open = "<" + std::string{name} + ">";
  const auto begin = markup.find(open);
  if (begin == std::string_view::npos) return std::nullopt;
  markup.remove_prefix(begin + open.size());
  const auto end = markup.find("</" + std::string{name} + ">");
  if (end == std::string_view::npos) return std::nullopt;
  return unescaped(markup.substr(0, end));
}

std::optional<std::string> attribute_of(std::string_view markup, std::string_view name,
                                        std::string_view attribute) {
  const std::string text = without_comments(markup);
  const std::string lower = base::to_lower(text);
  const std::string open = "<" + std::string{name};
  // Continue after each tag, so that every byte is read once.
  for (std::size_t at = lower.find(open); at != std::string::npos; at = lower.find(open, at)) {
    at += open.size();
    std::string_view rest = std::string_view{text}.substr(at);
    if (rest.empty() || markup_white_space.find(rest.front()) == std::string_view::npos) continue;
    while (const auto found = take_attribute(rest)) {
      if (found->name == attribute) return found->value;
    }
    at = text.size() - rest.size();
  }
  return std::nullopt;
}

}  // namespace net
