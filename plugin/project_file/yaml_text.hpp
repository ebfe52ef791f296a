// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace project_file {

/// How many bytes of `text` are UTF-8 and characters that YAML allows (YAML 1.1, 5.1); all of them when it is
/// good.
std::size_t length_of_yaml_text(std::string_view text);

}  // namespace project_file
