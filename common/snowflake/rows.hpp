// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "snowflake/result.hpp"

namespace snowflake {

using RowHandler = std::function<void(std::vector<Cell>&&)>;

/// Hands on the rows of `data.rowset` in an answer, one by one and without a tree of all of them. Throws
/// `network` when the answer is none.
void read_rowset(std::string_view answer, const RowHandler&);

/// The same for an array of rows, which is what the parts of a large result are. Throws as `read_rowset`.
void read_rows(std::string_view array, const RowHandler&);

}  // namespace snowflake
