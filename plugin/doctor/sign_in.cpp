// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"
#include "base/text.hpp"
#include "doctor/checks.hpp"
#include "snowflake/codes.hpp"

namespace plugin::doctor {
namespace {

std::string where(const snowflake::SessionContext& session) {
  if (session.database.empty()) return "no database";
  return session.database + (session.schema.empty() ? "" : "." + session.schema);
}

}  // namespace

Finding look_at_sign_in(Examination& examination) {
  auto session = examination.wiring.session(*examination.connection);
  auto context = session.context();
  // Only a statement shows that a session which was kept is still alive.
  const auto result = session.run("select current_user(), current_role()");
  context = session.context();
  context.user = result.at(0, "CURRENT_USER()").value_or(context.user);
  context.role = result.at(0, "CURRENT_ROLE()").value_or(context.role);
  examination.session = std::move(context);
  return good("Snowflake takes it");
}

Finding look_at_session(Examination& examination) {
  const auto& session = *examination.session;
  const std::string sentence = session.user + ", role " + session.role + ", " + where(session);
  const std::string wanted = base::to_upper(examination.connection->text("role"));
  if (session.role.empty())
    return odd("the session of " + session.user + " has no role",
               "name one: role = \"...\" in the connection");
  if (!wanted.empty() && wanted != base::to_upper(session.role)) {
    return odd(sentence + ": the connection asks for the role " + wanted,
               "have it granted: GRANT ROLE " + wanted + " TO USER " + session.user);
  }
  return good(sentence);
}

}  // namespace plugin::doctor
