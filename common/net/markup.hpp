// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace net {

/// Text of HTML or XML with its character references replaced: &amp; &lt; &gt; &quot; &apos; and those by
/// number, as UTF-8. Others stay as they are.
std::string unescaped(std::string_view markup);

/// The text of the first `<name>` without attributes; absent when there is none.
std::optional<std::string> element_text(std::string_view markup, std::string_view name);

/// The attribute of the first `<name ...>` that has it, quoted or not, in any case; absent when there is
/// none. Comments are no markup.
std::optional<std::string> attribute_of(std::string_view markup, std::string_view name,
                                        std::string_view attribute);

}  // namespace net
