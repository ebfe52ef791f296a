// SPDX-License-Identifier: Apache-2.0
#include "docker_config/layout.hpp"

namespace docker_config {
namespace {

bool has_line_end(std::string_view text) { return text.find('\n') != std::string_view::npos; }

}  // namespace

Layout::Layout(const JsonText& json) : json_(json) {
  if (const auto end = json.text().find('\n');
      end != std::string::npos && end > 0 && json.text()[end - 1] == '\r')
    newline_ = "\r\n";
  const auto& root = json.root();
  if (root.members.empty()) return;
  has_lines_ = has_line_end(json.of(root));
  const auto& first = root.members.front();
  if (const auto colon = json.between(first.key_end, first.value.begin); !has_line_end(colon)) colon_ = colon;
  const auto lead = json.between(root.begin + 1, first.begin);
  if (!has_line_end(lead)) {
    padding_ = lead;
    return;
  }
  const std::string outer = margin_at(root.begin);
  const std::string inner = margin_at(first.begin);
  unit_ = inner.starts_with(outer) ? inner.substr(outer.size()) : inner;
}

std::string Layout::before_next(const JsonValue& object) const {
  const auto& members = object.members;
  if (members.size() > 1) {
    return std::string{json_.between(members[members.size() - 2].value.end, members.back().begin)};
  }
  const std::string lead{json_.between(object.begin + 1, members.front().begin)};
  if (has_line_end(lead)) return "," + lead;
  return colon_.ends_with(' ') ? ", " : ",";
}

std::string Layout::only(const JsonValue& object, const std::string& member) const {
  if (!has_lines_) return padding_ + member + padding_;
  const std::string margin = margin_at(object.begin);
  return newline_ + margin + unit_ + member + newline_ + margin;
}

std::string Layout::member(const std::string& key, const std::string& value) const {
  return quoted(key) + colon_ + value;
}

/// The white space that the line of this offset begins with.
std::string Layout::margin_at(std::size_t offset) const {
  const std::string& text = json_.text();
  const auto begin = offset == 0 ? 0 : text.rfind('\n', offset - 1) + 1;  // npos + 1 is 0
  return text.substr(begin, text.find_first_not_of(" \t", begin) - begin);
}

}  // namespace docker_config
