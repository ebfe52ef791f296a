// SPDX-License-Identifier: Apache-2.0
// A record in a keyring: another version, or another program, may have stored it.
#include "snowflake/session.hpp"
#include "token/token_cache.hpp"

extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  const base::Secret record{std::string{data, size}};
  if (const auto token = token::RegistryToken::from_record(record)) {
    const auto again = token::RegistryToken::from_record(token->to_record());
    if (!again || again->value.reveal() != token->value.reveal()) __builtin_trap();
    token->valid_at(base::TimePoint{});
    token->fresh_at(base::TimePoint{});
  }
  if (const auto tokens = snowflake::SessionTokens::from_record(record)) {
    if (!snowflake::SessionTokens::from_record(tokens->to_record())) __builtin_trap();
  }
  return 0;
}
