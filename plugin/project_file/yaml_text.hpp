// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace project_file {

/// How many bytes of `text` are UTF-8 and characters that YAML allows (YAML 1.1, 5.1); all of them when it is
/// good.
std::size_t length_of_yaml_text(std::string_view text);

/// The word for nothing that `text` begins with: `~`, `null` and its spellings (YAML 1.1, null type); empty
/// when it begins with none, or with a key of that name where no key is due.
std::string_view null_at(std::string_view text, bool at_key);

}  // namespace project_file
