// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/json.hpp"
#include "snowflake/api.hpp"
#include "snowflake/statement.hpp"

namespace snowflake {

/// A request to Snowflake's REST interface (`snowflake/PROTOCOL.md` 7).
struct RestCall {
  std::string path;  ///< with its query, encoded
  base::Json body;
};

/// What came back. The status tells how it went; there is no envelope.
struct RestAnswer {
  int status = 0;
  base::Json body;
};

/// Creates something with a POST, which is sent once. An answer for later (202) is waited for. Returns
/// whether the session has to be renewed first; else `answer` is filled in. Throws `network`.
SessionStatus run_rest_call(Api&, const base::Secret& session_token, const RestCall&, RestAnswer& answer,
                            base::Clock&);

}  // namespace snowflake
