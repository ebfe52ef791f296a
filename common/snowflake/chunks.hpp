// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json.hpp"
#include "net/http.hpp"
#include "snowflake/rows.hpp"

namespace snowflake {

/// Fetches the parts of a large result that `data` names (`snowflake-protocol.md` 4.2), one after the other,
/// and hands their rows on. They lie in the cloud's storage, which is sent the headers for it and never a
/// token of Snowflake. Throws `network`.
void read_chunks(net::HttpClient&, const base::Json& data, const TakeRow&);

}  // namespace snowflake
