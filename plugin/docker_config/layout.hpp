// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "docker_config/json_text.hpp"

namespace docker_config {

/// How a text of JSON is laid out - lines or not, tabs or spaces, ends of lines - so that what is added looks
/// like what is there. A text without members gets lines and tabs, as Docker itself writes.
class Layout {
public:
  explicit Layout(const JsonText&);

  /// What has to stand in front of one more member of `object`, which has some.
  std::string before_next(const JsonValue& object) const;
  /// What has to stand between the braces of `object`, which is empty, so that it has this one.
  std::string only(const JsonValue& object, const std::string& member) const;
  /// `"key": value`
  std::string member(const std::string& key, const std::string& value) const;

private:
  std::string margin_at(std::size_t offset) const;

  const JsonText& json_;
  bool has_lines_ = true;
  std::string newline_ = "\n";
  std::string unit_ = "\t";   ///< one level of indentation
  std::string padding_;       ///< inside braces that have no lines
  std::string colon_ = ": ";  ///< between key and value
};

}  // namespace docker_config
