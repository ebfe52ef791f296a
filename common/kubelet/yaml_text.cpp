// SPDX-License-Identifier: Apache-2.0
#include "kubelet/yaml_text.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "kubelet/yaml_scanner.hpp"

namespace kubelet {
namespace {

constexpr std::size_t max_depth = 50;

class Reader : private YamlScanner {
public:
  using YamlScanner::YamlScanner;

  YamlValue read_document() {
    skip_to_content();
    if (starts_document()) {
      at_ += 3;
      skip_to_content();
    }
    if (is_done()) return null_value(at_);
    auto value = read_block(column(), 0);
    skip_to_content();
    if (rest().starts_with("...")) {
      at_ += 3;
      skip_to_content();
    }
    if (!is_done()) fail(starts_document() ? "only one document is supported" : "unexpected value");
    return value;
  }

private:
  YamlValue value_here(YamlValue::Kind kind) const {
    YamlValue value;
    value.kind = kind;
    value.begin = value.end = at_;
    value.line = line();
    return value;
  }
  YamlValue null_value(std::size_t offset) const {
    auto value = value_here(YamlValue::Kind::null);
    value.begin = value.end = offset;
    return value;
  }

  /// A value that begins here, `indentation` columns from the left, and ends before the first line that is
  /// further to the left.
  YamlValue read_block(std::size_t indentation, std::size_t depth) {
    if (depth > max_depth) fail("too deeply nested");
    if (is_dash()) return read_block_sequence(indentation, depth);
    if (is_key()) return read_block_mapping(indentation, depth);
    auto value = read_inline(depth);
    require_end_of_line();
    return value;
  }

  YamlValue read_block_sequence(std::size_t indentation, std::size_t depth) {
    auto sequence = value_here(YamlValue::Kind::sequence);
    sequence.column = indentation;
    while (!is_done() && is_dash() && column() == indentation) {
      ++at_;
      const std::size_t dash_end = at_;
      if (is_at_end_of_line()) {
        skip_to_content();
        if (is_done() || column() <= indentation) {
          sequence.items.push_back(null_value(dash_end));
          sequence.end = dash_end;
          continue;
        }
      }
      sequence.items.push_back(read_block(column(), depth + 1));
      sequence.end = sequence.items.back().end;
      skip_to_content();
    }
    if (!is_done() && column() > indentation) fail("wrong indentation");
    return sequence;
  }

  YamlValue read_block_mapping(std::size_t indentation, std::size_t depth) {
    auto mapping = value_here(YamlValue::Kind::mapping);
    while (!is_done() && column() == indentation && !is_dash() && !starts_document() &&
           !rest().starts_with("...")) {
      const std::size_t line_of_key = line();
      std::string key = read_key();
      if (mapping.find(key) != nullptr) fail("the key " + base::printable(key, 50) + " occurs twice");
      const std::size_t key_end = at_;
      auto value = read_value_of_key(indentation, depth);
      mapping.end = std::max(key_end, value.end);
      mapping.members.push_back({std::move(key), line_of_key, std::move(value)});
      skip_to_content();
    }
    if (!is_done() && column() > indentation) fail("wrong indentation");
    return mapping;
  }

  YamlValue read_value_of_key(std::size_t indentation, std::size_t depth) {
    auto empty = null_value(at_);
    if (!is_at_end_of_line()) {
      if (here() == '|' || here() == '>') {
        auto scalar = value_here(YamlValue::Kind::scalar);
        scalar.is_quoted = true;
        scalar.end = read_block_scalar(indentation, scalar.text);
        return scalar;
      }
      auto value = read_inline(depth);
      require_end_of_line();
      return value;
    }
    skip_to_content();
    const bool has_value = !is_done() && (column() > indentation || (column() == indentation && is_dash()));
    return has_value ? read_block(column(), depth + 1) : empty;
  }

  /// A flow collection, or a scalar on one line.
  YamlValue read_inline(std::size_t depth) {
    if (depth > max_depth) fail("too deeply nested");
    refuse_features();
    if (here() == '{' || here() == '[') return read_flow(depth);
    auto value = value_here(YamlValue::Kind::scalar);
    if (is_quote()) {
      value.text = read_quoted();
      value.is_quoted = true;
    } else {
      value.text = read_plain();
      if (value.text.empty()) fail("expected a value");
      if (value.text == "~" || value.text == "null" || value.text == "Null" || value.text == "NULL")
        value.kind = YamlValue::Kind::null;
    }
    value.end = at_;
    return value;
  }

  YamlValue read_flow(std::size_t depth) {
    const bool is_mapping = here() == '{';
    const char close = is_mapping ? '}' : ']';
    auto value = value_here(is_mapping ? YamlValue::Kind::mapping : YamlValue::Kind::sequence);
    value.is_flow = true;
    ++at_;
    ++flow_depth_;
    for (skip_to_content(); here() != close; skip_to_content()) {
      if (is_done()) fail(std::string{"expected "} + close);
      if (is_mapping) {
        value.members.push_back(read_flow_member(value, depth));
      } else {
        value.items.push_back(read_inline(depth + 1));
      }
      skip_to_content();
      if (here() == ',') {
        ++at_;
      } else if (here() != close) {
        fail(std::string{"expected a comma or "} + close);
      }
    }
    --flow_depth_;
    ++at_;
    value.end = at_;
    return value;
  }

  YamlMember read_flow_member(const YamlValue& mapping, std::size_t depth) {
    refuse_features();
    const std::size_t line_of_key = line();
    std::string key = is_quote() ? read_quoted() : read_plain();
    if (key.empty()) fail("expected a key");
    if (mapping.find(key) != nullptr) fail("the key " + base::printable(key, 50) + " occurs twice");
    skip_to_content();
    if (here() != ':') fail("expected a colon after the key " + base::printable(key, 50));
    ++at_;
    skip_to_content();
    if (here() == ',' || here() == '}') return {std::move(key), line_of_key, null_value(at_)};
    return {std::move(key), line_of_key, read_inline(depth + 1)};
  }
};

/// Whether YAML 1.1 or a Go parser may read a text as a number. Errs on the side of numbers: text that looks
/// like one needs quotes.
bool looks_like_number(std::string_view text) {
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) text.remove_prefix(1);
  if (text.empty() || !(base::is_digit(text.front()) || text.front() == '.')) return false;
  return text.find_first_not_of("0123456789.eE+-_xXoabcdefABCDEF") == std::string_view::npos;
}

}  // namespace

const YamlValue* YamlValue::find(std::string_view key) const {
  const auto found = std::ranges::find(members, key, &YamlMember::key);
  return found == members.end() ? nullptr : &found->value;
}

bool YamlValue::is_boolean() const {
  return is_scalar() && !is_quoted &&
         (base::equals_ignoring_case(text, "true") || base::equals_ignoring_case(text, "false"));
}

bool YamlValue::is_text() const {
  return is_scalar() && (is_quoted || (!is_boolean() && !looks_like_number(text)));
}

YamlValue parse_yaml(std::string_view text, const std::string& name) {
  return Reader{text, name}.read_document();
}

}  // namespace kubelet
