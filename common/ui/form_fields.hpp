// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace ui {

/// Named values out of a query, a form or JSON. Some are secrets, so all are.
using Fields = std::map<std::string, base::Secret, std::less<>>;

/// The fields of `a=1&b=2` as browsers write forms (WHATWG URL, 5.1). Absent when an escape is cut off or no
/// number, or when a name comes twice: nobody could say which of the two is meant (RFC 6749, 3.1).
std::optional<Fields> parse_form(std::string_view text);

/// The fields of a JSON object; true and false become text, and what is neither text nor that is left out.
/// Absent when it is no object.
std::optional<Fields> parse_json_fields(std::string_view text);

/// The fields of the query of a web address as a person pastes it; none when it has no query.
Fields fields_of_address(std::string_view address);

/// The value of a field, valid as long as `fields`; empty when it is absent.
std::string_view value_of(const Fields& fields, std::string_view name);

}  // namespace ui
