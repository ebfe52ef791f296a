// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace base {

/// From now on `masked` hides this secret: a server may quote what it was sent. Secrets shorter than four
/// bytes are not hidden, since they occur everywhere, and those shorter than eight only as whole words. Of a
/// password, also a part of twelve bytes and its percent-encoded form are hidden.
void mask_from_now_on(const Secret&);

/// Text without what must not be shown, "***" in its place: the secrets of `mask_from_now_on`, everything
/// that looks like a key or a token wherever it comes from, `user:password@` in front of hosts, and the
/// secret parameters of URLs.
[[nodiscard]] std::string masked(std::string_view text);

/// Text without the `user:password@` of the URLs and of every `user:password@host` in it.
[[nodiscard]] std::string without_userinfo(std::string_view text);

/// Whether a text looks like a key or a token: PEM, a JWT, a Snowflake session token, or a long run of
/// base64. For values that should be a path or a name.
bool looks_like_secret(std::string_view text);

}  // namespace base
