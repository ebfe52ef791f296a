// SPDX-License-Identifier: Apache-2.0
#include "project_file/mistakes.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace project_file {

void fail(const std::string& place, const std::string& what, const std::string& hint) {
  throw base::Error(base::Kind::config, place + ": " + what, hint);
}

std::string shown(const Node& value) { return base::printable(value.in_words(), 500); }

void refuse(const Node& value, const std::string& path, const std::string& cause, const std::string& hint) {
  fail(value.place, "For field " + path + " you provided '" + shown(value) + "'. This caused: " + cause,
       hint);
}

void refuse_missing(const std::string& place, const std::string& path, const std::string& hint) {
  fail(place, "Your project definition is missing the following field: '" + path + "'", hint);
}

void require_text(const Node& value, const std::string& path, const std::string& hint) {
  if (value.is_scalar()) return;
  fail(value.place,
       "Input should be a valid string for field '" + path + "', you provided '" + shown(value) + "'.", hint);
}

void require_list(const Node& value, const std::string& path, const std::string& hint) {
  if (!value.is_sequence()) refuse(value, path, "Input should be a valid list", hint);
}

void require_mapping(const Node& value, const std::string& path, const std::string& hint,
                     const std::string& kind) {
  if (value.is_mapping()) return;
  refuse(value, path, "Input should be a valid dictionary" + (kind.empty() ? "" : " or instance of " + kind),
         hint);
}

void check_keys(const Node& mapping, const std::string& path, const std::vector<std::string>& allowed) {
  for (const auto& [key, value] : mapping.members) {
    if (std::ranges::find(allowed, key) != allowed.end()) continue;
    fail(value.place,
         "Extra inputs are not permitted. You provided field '" + path + base::printable(key, 100) +
             "' with value '" + shown(value) + "' that is not supported in given version.",
         "allowed there: " + base::join(allowed, ", "));
  }
}

}  // namespace project_file
