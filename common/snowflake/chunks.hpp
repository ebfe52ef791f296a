// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json.hpp"
#include "net/http.hpp"
#include "snowflake/rows.hpp"

namespace snowflake {

/// Fetches the parts of a large result that `data` names (`snowflake/PROTOCOL.md` 5.2), as they are: mostly
/// compressed to a tenth. They are in the cloud's storage, which is sent the headers for it and never a
/// Snowflake token: https, and not on this machine or its network unless the account itself is there. Throws
/// `network`, also when all of them are too large for memory.
std::vector<base::Secret> fetch_chunks(net::HttpClient&, const std::string& account_host,
                                       const base::Json& data);

/// Hands on the rows of one part. Throws `network` when it is damaged.
void read_chunk(const base::Secret& chunk, const RowHandler&);

}  // namespace snowflake
