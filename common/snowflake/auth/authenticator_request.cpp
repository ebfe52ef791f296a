// SPDX-License-Identifier: Apache-2.0
#include "snowflake/auth/authenticator_request.hpp"

#include "snowflake/api.hpp"
#include "snowflake/auth/required.hpp"
#include "snowflake/client_identity.hpp"

namespace snowflake {

base::Json authenticator_request(const AuthContext& context, std::string_view authenticator,
                                 const base::Json& more) {
  base::Json data = {{"CLIENT_APP_ID", client_app_id},
                     {"CLIENT_APP_VERSION", client_app_version},
                     {"SVN_REVISION", nullptr},
                     {"ACCOUNT_NAME", context.account.name},
                     {"LOGIN_NAME", required_user(context.connection)},
                     {"CLIENT_ENVIRONMENT", client_environment()},
                     {"AUTHENTICATOR", authenticator}};
  data.update(more);
  const base::Json body = {{"data", data}};
  Api api{context.http, context.clock, context.account};
  return api
      .send({.endpoint = authenticator_endpoint,
             .query = {},
             .body = [&] { return body; },
             .token = base::Secret{"None"}})
      .or_refusal()
      .data;
}

}  // namespace snowflake
