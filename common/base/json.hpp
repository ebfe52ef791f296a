// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace base {

using Json = nlohmann::json;
/// Keeps its members in the order they were written, for what users read.
using OrderedJson = nlohmann::ordered_json;

/// What is nested deeper is refused: code that walks it calls itself for each level.
inline constexpr int max_json_depth = 100;
/// As many as fit in 64 MB of memory, at about a hundred bytes each.
inline constexpr std::size_t max_json_values = 500'000;
inline constexpr std::size_t max_json_bytes = 64U << 20;

/// Whether a text may be made into a tree: its size, depth and number of values, counted in one pass before
/// anything is built. Whether it is JSON is another question.
bool is_bounded_json(std::string_view text, std::size_t max_values = max_json_values);

/// Absent when `text` is not JSON, or beyond these limits. Never throws: what arrives from outside may be
/// anything.
std::optional<Json> parse_json(std::string_view text);
/// The same, with null for the member `inner` of the member `outer`, which may have any number of values.
std::optional<Json> parse_json_without(std::string_view text, std::string_view outer, std::string_view inner);
/// As one line of text; bytes that are not UTF-8 become U+FFFD.
std::string dump_json(const Json&);
/// The member `name` when `object` is an object that has it and it is text; absent otherwise.
std::optional<std::string> text_at(const Json& object, std::string_view name);
/// A whole number that is given as a number or as digits in text; absent otherwise. What does not fit is
/// absent.
std::optional<std::int64_t> whole_number_at(const Json& object, std::string_view name);
/// The member `name` if `object` is an object that has it, else null.
const Json& member(const Json& object, std::string_view name);

}  // namespace base
