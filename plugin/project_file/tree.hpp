// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace project_file {

struct Member;

/// A piece of a project file. Every scalar is text, as the Snowflake CLI reads them: `2` and `yes` are words.
struct Node {
  enum class Kind { scalar, mapping, sequence };
  Kind kind = Kind::scalar;
  std::string text;             ///< of a scalar
  std::vector<Member> members;  ///< of a mapping, in their order
  std::vector<Node> items;      ///< of a sequence
  std::string place;            ///< file and line, for errors: snowflake.yml:3
  bool overrides = false;       ///< marked with !override: replaces what a mixin says

  const Node* find(std::string_view key) const;
  Node* find(std::string_view key);
  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_mapping() const { return kind == Kind::mapping; }
  bool is_sequence() const { return kind == Kind::sequence; }
  /// As Python would print it, for the sentences of the Snowflake CLI: text, {'key': 'value'}, ['item'].
  std::string in_words() const;
};

struct Member {
  std::string key;
  Node value;
};

/// Lays `top` over `base`: mappings are merged key by key, everything else is replaced.
void merge(Node& base, const Node& top);

}  // namespace project_file
