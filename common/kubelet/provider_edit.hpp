// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "kubelet/provider_entry.hpp"
#include "kubelet/yaml_text.hpp"

namespace kubelet {

/// The entry of our program in a file: by its name, or by the word in its arguments. Null when there is none.
const YamlValue* find_our_provider(const YamlValue& root);
/// Whether a list, which may be null, has this text.
bool has_item(const YamlValue* list, std::string_view text);

/// `text`, of which `root` was read, with our entry as the last of `providers`, in the layout of the others;
/// every other byte stays. A text without a value becomes a whole file.
std::string with_our_provider(const std::string& text, const YamlValue& root, const KubernetesVersion&,
                              bool with_tokens);

/// `text` without one of its providers, which `find_our_provider` gave. The inverse of `with_our_provider` to
/// the byte.
std::string without_provider(const std::string& text, const YamlValue& root, const YamlValue& provider);

}  // namespace kubelet
