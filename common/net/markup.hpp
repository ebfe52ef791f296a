// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace net {

/// HTML or XML text with its character references replaced: &amp; &lt; &gt; &quot; &apos; and numeric ones,
/// as UTF-8. Others are not changed.
std::string unescaped(std::string_view markup);

/// The text of the first element `<name>` without attributes; absent when there is none.
std::optional<std::string> element_text(std::string_view markup, std::string_view name);

/// The value of an attribute, quoted or not, of the first element `<name ...>` that has it; absent when there
/// is none. Names match in any case. Comments are ignored.
std::optional<std::string> attribute_of(std::string_view markup, std::string_view name,
                                        std::string_view attribute);

}  // namespace net
