// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "token/token_store.hpp"

namespace token {

/// A refusal that counts: the next ones lock the user, or ring a phone once more.
class CountedRefusal : public base::Error {
public:
  explicit CountedRefusal(const base::Error& error) : Error(error) {}
};

/// For how long a refused sign-in is not tried again. That counts: as long as Snowflake locks a user out
/// after five wrong passwords. Else as long as it takes those to hear of it who came at the same time.
inline constexpr std::chrono::seconds pause_after_counted = std::chrono::minutes{15};
inline constexpr std::chrono::seconds pause_after_others{10};

/// Remembers in `runtime` that Snowflake refused the sign-in `key` belongs to, so that the next process does
/// not try the same again within `pause`. Holds no secret. A mark that cannot be written is not worth failing
/// for.
void remember_refusal(const std::filesystem::path& runtime, const StoreKey& key, const std::string& sources,
                      const base::Error& refusal, std::chrono::seconds pause, base::TimePoint now);

/// Throws the remembered refusal, with what is left of its time, unless it is over, the files and variables
/// have changed since, or there is none.
void throw_if_refused(const std::filesystem::path& runtime, const StoreKey& key, const std::string& sources,
                      base::TimePoint now);

void forget_refusal(const std::filesystem::path& runtime, const StoreKey& key);

/// The file that processes lock which sign in as the same user at the same account.
std::filesystem::path sign_in_lock(const std::filesystem::path& runtime, const StoreKey& key);

}  // namespace token
