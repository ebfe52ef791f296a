// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace base {

/// Whether a secret is a word that occurs in this program's own messages, such as "snowflake". Masking it
/// there would reveal what it is.
bool is_ordinary_word(std::string_view secret);

/// Makes `masked` hide this secret from now on, because a server's message may quote it. Secrets of fewer
/// than four bytes and ordinary words are not hidden, and those of fewer than eight bytes only as whole
/// words. For secrets of up to 200 bytes, parts of twelve bytes or more and the percent-encoded form are
/// hidden too.
void add_mask(const Secret&);

/// The text with secrets replaced by "***": those of `add_mask`, everything that looks like a key or
/// a token, and the secret parameters of URLs. `user:password@` in front of hosts is removed.
[[nodiscard]] std::string masked(std::string_view text);

/// Text with `replacement` for every part of at least `min_part` bytes that it shares with a secret.
[[nodiscard]] std::string without_parts_of(std::string_view secret, std::string text, std::size_t min_part,
                                           std::string_view replacement);

/// Text without the `user:password@` of the URLs and of every `user:password@host` in it.
[[nodiscard]] std::string without_userinfo(std::string_view text);

/// Whether a text looks like a key or a token: PEM, a JWT, a Snowflake session token, or a long run of
/// base64. For values that should be a path or a name.
bool looks_like_secret(std::string_view text);

}  // namespace base
