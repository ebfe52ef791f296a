// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace plugin::doctor {

/// What came of looking at one thing.
enum class State {
  good,
  odd,      ///< nothing is kept from working, but somebody should know
  broken,   ///< something that is needed does not work
  skipped,  ///< not looked at
};

/// "ok", "warning", "failed", "skipped": for programs.
std::string_view word_for(State);

struct Finding {
  State state = State::good;
  std::string sentence;
  std::string next = {};  ///< one command, or one thing to do; empty when there is nothing
};

inline Finding good(std::string sentence) { return {State::good, std::move(sentence)}; }
inline Finding odd(std::string sentence, std::string next) {
  return {State::odd, std::move(sentence), std::move(next)};
}
inline Finding broken(std::string sentence, std::string next) {
  return {State::broken, std::move(sentence), std::move(next)};
}
inline Finding skipped(std::string why) { return {State::skipped, "skipped: " + std::move(why)}; }

}  // namespace plugin::doctor
