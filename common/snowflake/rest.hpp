// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/json.hpp"
#include "snowflake/api.hpp"
#include "snowflake/statement.hpp"

namespace snowflake {

/// A request to Snowflake's REST API (`snowflake/PROTOCOL.md` 7).
struct RestCall {
  std::string path;  ///< with its query, percent-encoded
  base::Json body;
};

/// The answer of the REST API. Its HTTP status says whether the call succeeded; there is no envelope.
struct RestAnswer {
  int status = 0;
  base::Json body;
};

/// Sends a POST request without retries, and polls while the answer is not ready (202). Fills in `answer`
/// unless the session has expired or ended. Throws `network`.
SessionStatus run_rest_call(Api&, const base::Secret& session_token, const RestCall&, RestAnswer& answer,
                            base::Clock&);

}  // namespace snowflake
