// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace plugin::project_file {

struct Member;

/// A piece of a project file. Every scalar is text, as the Snowflake CLI reads them, also `2` and `yes`.
struct Node {
  enum class Kind { scalar, mapping, sequence };
  Kind kind = Kind::scalar;
  std::string location;         ///< file and line, for errors: snowflake.yml:3
  std::string text;             ///< of a scalar
  std::vector<Member> members;  ///< of a mapping, in their order
  std::vector<Node> items;      ///< of a sequence
  bool overrides = false;       ///< marked with !override: replaces what a mixin says

  const Node* find(std::string_view key) const;
  Node* find(std::string_view key);
  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_mapping() const { return kind == Kind::mapping; }
  bool is_sequence() const { return kind == Kind::sequence; }
  /// On one line, for messages: text, {key: value}, [item].
  std::string on_one_line() const;
};

/// "text", "a mapping" or "a list".
const char* name_of(Node::Kind);

struct Member {
  std::string key;
  Node value;
};

/// Reads the one document of a YAML file; an empty file is an empty mapping. Absent when there is no such
/// file. Throws `config` with file and line: not YAML, not text, not a mapping, a second document, a key that
/// occurs twice, too large or nested too deeply.
std::optional<Node> read_yaml(const std::filesystem::path& file);

/// Throws `config` with the location of a node, for a mistake there.
[[noreturn]] void fail(const Node& at, const std::string& what, const std::string& hint);

/// Puts `above` on top of `below`: mappings are merged key by key, everything else is replaced.
void merge(Node& below, const Node& above);
/// `below`, a mixin, with `above` on top: mappings are merged, lists get the items that they lack, everything
/// else is replaced. Throws `config` when the two are of different kinds, unless `above` overrides.
Node merged_with_mixin(const Node& below, const Node& above);

}  // namespace plugin::project_file
