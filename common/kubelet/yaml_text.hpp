// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kubelet {

struct YamlMember;

/// A value in a text of YAML or JSON, and where it is in it.
struct YamlValue {
  enum class Kind { null, scalar, mapping, sequence };
  Kind kind = Kind::null;
  std::string text;        ///< of a scalar
  bool is_quoted = false;  ///< a scalar in quotes, which is text whatever it looks like
  bool is_flow = false;    ///< a mapping in {} or a sequence in []
  std::vector<YamlMember> members;
  std::vector<YamlValue> items;
  std::size_t begin = 0;
  std::size_t end = 0;     ///< just behind it, without white space and comments
  std::size_t column = 0;  ///< of a block sequence: where its dashes are
  std::size_t line = 1;

  const YamlValue* find(std::string_view key) const;
  bool is_scalar() const { return kind == Kind::scalar; }
  /// A scalar that YAML reads as text: in quotes, or not like a number, a boolean or nothing.
  bool is_text() const;
  /// true or false.
  bool is_boolean() const;
};

struct YamlMember {
  std::string key;
  std::size_t line;
  YamlValue value;
};

/// Reads the one document of a kubelet's configuration file with the positions of everything in it, so that
/// it can be edited without touching the rest. It takes what such files are made of - block and flow
/// collections, scalars in one line, block scalars, comments - and refuses the rest of YAML (anchors,
/// aliases, tags, directives, complex keys, scalars over several lines, a second document): a file that is
/// not fully understood must not be edited. JSON is YAML. The credential helper links no YAML library, since
/// that would cost each of its starts.
///
/// An empty text is null. Throws `config` with `name` and the line.
YamlValue parse_yaml(std::string_view text, const std::string& name);

}  // namespace kubelet
