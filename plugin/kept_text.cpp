// SPDX-License-Identifier: Apache-2.0
#include "kept_text.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "time_text.hpp"

namespace plugin {

std::string kind_in_words(const std::string& kind) {
  if (kind == snowflake::mfa_token_kind) return "MFA token";
  if (kind == snowflake::id_token_kind) return "id token";
  if (kind == snowflake::access_token_kind) return "OAuth access token";
  if (kind == snowflake::refresh_token_kind) return "OAuth refresh token";
  std::string words = kind;
  std::ranges::replace(words, '-', ' ');
  return words;
}

std::string in_words(const snowflake::CachedCredential& credential, base::TimePoint now) {
  return kind_in_words(credential.kind) + ": " + in_words(credential.expires_at - now) + ", in the " +
         base::join(credential.stores, " and the ");
}

}  // namespace plugin
