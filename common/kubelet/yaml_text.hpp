// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kubelet {

struct YamlMember;

/// A value in YAML or JSON text, and its position.
struct YamlValue {
  enum class Kind { null, scalar, mapping, sequence };
  Kind kind = Kind::null;
  std::string text;        ///< of a scalar
  bool is_quoted = false;  ///< a scalar in quotes, which is text whatever it looks like
  bool is_flow = false;    ///< a mapping in {} or a sequence in []
  std::vector<YamlMember> members;
  std::vector<YamlValue> items;
  std::size_t begin = 0;
  std::size_t end = 0;     ///< just after it, before white space and comments
  std::size_t column = 0;  ///< of a block sequence: where its dashes are
  std::size_t line = 1;

  /// A member of a mapping; null when there is none.
  const YamlValue* find(std::string_view key) const;
  bool is_scalar() const { return kind == Kind::scalar; }
  /// Whether YAML reads this as text: a scalar in quotes, or one that is no number, boolean or null.
  bool is_text() const;
  /// Whether this is true or false, without quotes.
  bool is_boolean() const;
};

/// A key of a mapping and its value.
struct YamlMember {
  std::string key;
  std::size_t line;
  YamlValue value;
};

/// Parses a kubelet's configuration file with the positions of all values, so that it can be edited without
/// changing the rest. Supports what such files contain: block and flow collections, single-line scalars,
/// block scalars and comments. Refuses the rest of YAML (anchors, aliases, tags, directives, complex keys,
/// multi-line scalars, a second document), because a file that is not fully understood must not be edited.
/// JSON is YAML. The credential helper does not link a YAML library, which would slow down every start.
///
/// Empty text is null. Throws `config` with `name` and the line.
YamlValue parse_yaml(std::string_view text, const std::string& name);

}  // namespace kubelet
