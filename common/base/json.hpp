// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace base {

/// JSON for protocols and stored records; members are sorted by name.
using Json = nlohmann::json;
/// Keeps its members in the order they were written, for output that users read.
using OrderedJson = nlohmann::ordered_json;

/// JSON that is nested deeper is rejected: code that walks it is recursive.
inline constexpr int max_json_depth = 100;
/// About as many as fit in 64 MB of memory.
inline constexpr std::size_t max_json_values = 500'000;
/// Longer JSON is rejected.
inline constexpr std::size_t max_json_bytes = 64U << 20;

/// Whether the size, depth and number of values of a text are within the limits, in one pass before anything
/// is built. Does not check that it is JSON.
bool is_bounded_json(std::string_view text);

/// Absent when `text` is not JSON, or exceeds these limits. Never throws: the text may come from anywhere.
[[nodiscard]] std::optional<Json> parse_json(std::string_view text);
/// The same, with null in place of the member `inner` of the member `outer`, which may hold any number of
/// values.
[[nodiscard]] std::optional<Json> parse_json_without(std::string_view text, std::string_view outer,
                                                     std::string_view inner);
/// On one line; bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string dump_json(const Json&);
[[nodiscard]] std::string dump_json(const OrderedJson&);
/// The member `name` if `object` is an object and that member is a string, else absent.
std::optional<std::string> text_at(const Json& object, std::string_view name);
/// A whole number, given as a number or as a string of digits; absent otherwise, and when it does not fit.
std::optional<std::int64_t> whole_number_at(const Json& object, std::string_view name);
/// A time as seconds since 1970, given in the same way.
std::optional<TimePoint> time_at(const Json& object, std::string_view name);
/// The member `name` if `object` is an object with that member, else null.
const Json& member(const Json& object, std::string_view name);

}  // namespace base
