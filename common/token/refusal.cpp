// SPDX-License-Identifier: Apache-2.0
#include "token/refusal.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "base/file.hpp"
#include "base/fingerprint.hpp"
#include "base/json.hpp"

namespace token {
namespace {

/// A user name may hold any character, a file name may not.
std::filesystem::path file_in(const std::filesystem::path& runtime, const base::Fingerprint& name,
                              const char* suffix) {
  const std::filesystem::path folder = runtime / "docker-credential-snowflake";
  mkdir(folder.c_str(), 0700);
  return folder / (name.hex() + suffix);
}

/// Another role, or another way to sign in, is another question.
std::filesystem::path mark(const std::filesystem::path& runtime, const StoreKey& key) {
  return file_in(runtime, base::Fingerprint{}.add(key.host).add(key.user).add(key.detail), ".refused");
}

std::string why(std::chrono::seconds pause) {
  if (pause < pause_after_counted) return ")";
  return ", to not lock the user out; docker snowflake login tries at once)";
}

std::string in_words(std::chrono::seconds time) {
  if (time < std::chrono::minutes{2}) return std::to_string(time.count()) + " seconds";
  return std::to_string(std::chrono::ceil<std::chrono::minutes>(time).count()) + " minutes";
}

}  // namespace

void remember_refusal(const std::filesystem::path& runtime, const StoreKey& key, const std::string& sources,
                      const base::Error& refusal, std::chrono::seconds pause, base::TimePoint now) {
  const base::Json json = {{"sources", sources},
                           {"pause", pause.count()},
                           {"at", now.time_since_epoch().count()},
                           {"message", refusal.what()},
                           {"hint", refusal.hint()}};
  try {
    base::write_file(mark(runtime, key), json.dump(-1, ' ', false, base::Json::error_handler_t::replace));
  } catch (const base::Error&) {
    // The refusal itself is what the person has to see.
  }
}

void throw_if_refused(const std::filesystem::path& runtime, const StoreKey& key, const std::string& sources,
                      base::TimePoint now) {
  const auto text = base::read_file(mark(runtime, key));
  const auto json = base::parse_json(text.value_or(""));
  if (!json || base::text_at(*json, "sources") != sources) return;
  const auto at = base::whole_number_at(*json, "at");
  const auto message = base::text_at(*json, "message");
  const auto seconds = base::whole_number_at(*json, "pause");
  if (!at || !message || !seconds) return;
  const base::TimePoint since{std::chrono::seconds{*at}};
  const auto pause = std::min(std::chrono::seconds{*seconds}, pause_after_counted);
  const auto left = since + pause - now;
  // A clock that stepped back must not turn a quarter of an hour into a day.
  if (left <= std::chrono::seconds::zero() || now < since) return;
  throw base::Error(base::Kind::denied,
                    *message + " (not tried again for another " + in_words(left) + why(pause),
                    base::text_at(*json, "hint").value_or(""));
}

void forget_refusal(const std::filesystem::path& runtime, const StoreKey& key) {
  std::error_code ignored;
  std::filesystem::remove(mark(runtime, key), ignored);
}

std::filesystem::path sign_in_lock(const std::filesystem::path& runtime, const StoreKey& key) {
  return file_in(runtime, base::Fingerprint{}.add(key.host).add(key.user), ".lock");
}

}  // namespace token
