// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace base {

using Json = nlohmann::json;
/// Keeps its members in the order they were written, for what people look at.
using OrderedJson = nlohmann::ordered_json;

/// Absent when `text` is not JSON. Never throws: what arrives from outside may be anything.
std::optional<Json> parse_json(std::string_view text);
/// The member `name` when `object` is an object that has it and it is text; absent otherwise.
std::optional<std::string> text_at(const Json& object, std::string_view name);
/// A whole number that is given as a number or as digits in text; absent otherwise. What does not fit is
/// absent.
std::optional<std::int64_t> whole_number_at(const Json& object, std::string_view name);
/// The member `name` if `object` is an object that has it, else null.
const Json& member(const Json& object, std::string_view name);

}  // namespace base
