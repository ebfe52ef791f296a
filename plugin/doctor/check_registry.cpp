// SPDX-License-Identifier: Apache-2.0
#include "doctor/checks.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "net/url.hpp"
#include "output/units.hpp"
#include "registry/authorization.hpp"
#include "registry/client.hpp"
#include "registry/reply.hpp"
#include "snowflake/codes.hpp"

namespace plugin::doctor {
namespace {

constexpr const char* no_repository_named = "no repository was named";
/// The image name for testing privileges when none was given: privileges apply to the whole repository.
constexpr const char* probe_image = "docker-snowflake-doctor";

std::string schema_of(const Repository& repository) {
  return snowflake::quoted_identifier(repository.stored[0]) + "." +
         snowflake::quoted_identifier(repository.stored[1]);
}

/// Names what the session adds to the name that the user wrote.
void complete(Repository& repository, const snowflake::SessionContext& session) {
  const auto& object = repository.object;
  std::string database = object.database() ? base::to_upper(*object.database()) : session.database;
  if (database == "USER$") database += session.user;  // the personal database
  const std::string schema = object.schema()     ? base::to_upper(*object.schema())
                             : object.database() ? "PUBLIC"
                                                 : session.schema;
  repository.stored = {database, schema, object.stored_name()};
  repository.name = schema_of(repository) + "." + snowflake::quoted_identifier(object.stored_name());
}

/// The session's role as a statement needs it, or `<role>`.
std::string role_in(const CheckContext& context) {
  const auto& session = context.session;
  return session && !session->role.empty() ? snowflake::quoted_identifier(session->role) : "<role>";
}

snowflake::RepositoryGrants grants_for(const CheckContext& context) {
  const auto& stored = context.repository->stored;
  return {snowflake::quoted_identifier(stored[0]), snowflake::quoted_identifier(stored[1]),
          snowflake::quoted_identifier(stored[2]), role_in(context)};
}

std::string grant(const char* privilege, const CheckContext& context) {
  return grants_for(context).privilege(privilege);
}

/// The repository of the schema that the user may have meant; empty when none is like it.
std::string similar_repository(snowflake::SessionCache& session, const Repository& repository) {
  const auto found = session.run("show image repositories in schema " + schema_of(repository));
  std::vector<std::string> names;
  for (std::size_t row = 0; row < found.rows.size(); ++row)
    names.push_back(found.at(row, "name").value_or(""));
  const auto nearest = base::nearest(repository.stored[2], names);
  return nearest.empty() ? "" : schema_of(repository) + "." + snowflake::quoted_identifier(nearest);
}

std::string path_of(const Repository& repository) {
  std::vector<std::string> pieces;
  for (const auto& name : repository.stored) pieces.push_back(base::to_lower(name));
  for (auto& piece : base::split(repository.image.empty() ? probe_image : repository.image, '/'))
    pieces.push_back(std::move(piece));
  // A repository's name may have a $, which no path may.
  for (auto& piece : pieces) piece = net::percent_encode(piece);
  return base::join(pieces, "/");
}

registry::Client client_of(CheckContext& context) {
  return {context.wiring.http(context.connection.value_or(config::Connection{})), context.host->name()};
}

/// The header Authorization for requests within `scope`, by the token and the challenge that were found.
/// Throws `denied`, `network`.
base::Secret authorization_for(const std::string& scope, CheckContext& context) {
  const auto credential = context.token->credential_for(context.host->name(), context.clock.now());
  return client_of(context).bearer(*context.challenge, credential, scope).authorization;
}

base::Secret authorization_to(const char* actions, CheckContext& context) {
  return authorization_for(registry::scope_of(path_of(*context.repository), actions), context);
}

bool is_refusal(const net::HttpResponse& response) {
  return response.status == 401 || response.status == 403;
}

Finding unexpected(const std::string& what, const net::HttpResponse& response) {
  return failed(what + ": the registry answers with " + registry::failure_text(response), base::outage_hint);
}

/// The path of an upload session; absent when it is not at the registry itself.
std::optional<std::string> path_in(const std::string& location, const std::string& host) {
  const std::string prefix = "https://" + host + "/";
  if (location.starts_with(prefix)) return location.substr(prefix.size() - 1);
  if (location.starts_with("/") && !location.starts_with("//")) return location;
  return std::nullopt;
}

}  // namespace

Finding check_registry(CheckContext& context) {
  if (!context.host) return skipped("the registry is not known");
  context.challenge = client_of(context).challenge();
  return ok("asks for a token, as it should");
}

Finding check_token(CheckContext& context) {
  const auto get = [&](snowflake::Refresh refresh) {
    context.token = context.wiring.registry_token(*context.connection, refresh);
    authorization_for({}, context);
    return output::time_left(context.token->expires_at - context.clock.now());
  };
  try {
    return ok("the registry accepts the token, for another " + get(snowflake::Refresh::when_stale));
  } catch (const base::Error& error) {
    if (error.kind() != base::Kind::denied) throw;
  }
  // The session that a cached token comes from may have ended. The login check found one that is open.
  const auto left = get(snowflake::Refresh::token);
  return warning("the registry refused the cached token; it is replaced by a new one, good for " + left,
                 "repeat the docker push or docker pull");
}

Finding check_repository(CheckContext& context) {
  if (!context.repository) return skipped(no_repository_named);
  auto& repository = *context.repository;
  require_namespace(repository.object, *context.session);
  complete(repository, *context.session);
  auto session = context.wiring.session(*context.connection);
  std::string similar;
  try {
    const auto found =
        session.run("show image repositories like " + snowflake::sql_pattern(repository.stored[2]) +
                    " in schema " + schema_of(repository));
    if (!found.rows.empty()) return ok(repository.name + " exists");
    similar = similar_repository(session, repository);
  } catch (const snowflake::StatementError&) {
    return failed("the role " + role_in(context) + " sees no schema " + schema_of(repository),
                  "check the name with 'docker snowflake repositories', or have an owner run: " +
                      base::join(grants_for(context).usage(), " ") + " " + grant("READ", context));
  }
  const std::string first = similar.empty() ? "check the name with 'docker snowflake repositories'"
                                            : "did you mean " + similar + "?";
  return failed("the role " + role_in(context) + " sees no image repository " + repository.name,
                first + (similar.empty() ? ", or have" : " If not, have") +
                    " its owner run: " + grant("READ", context));
}

Finding check_pull(CheckContext& context) {
  if (!context.repository) return skipped(no_repository_named);
  const auto& repository = *context.repository;
  const auto authorization = authorization_to("pull", context);
  const std::string path = "/v2/" + path_of(repository);
  const auto response = client_of(context).send("GET", path + "/tags/list", authorization);
  if (is_refusal(response)) {
    return failed("the role " + role_in(context) + " may not pull from " + repository.name,
                  "have its owner run: " + grant("READ", context));
  }
  if (response.status != 200 && response.status != 404) return unexpected("pulling", response);
  if (response.status == 404 && !repository.image.empty()) {
    return warning("the role " + role_in(context) + " may pull, but there is no image " + repository.image,
                   "push it first, or check its name: docker snowflake images " + repository.name);
  }
  return ok("the role " + role_in(context) + " may");
}

Finding check_push(CheckContext& context) {
  if (!context.repository) return skipped(no_repository_named);
  const auto& repository = *context.repository;
  const auto authorization = authorization_to("pull,push", context);
  const auto response =
      client_of(context).send("POST", "/v2/" + path_of(repository) + "/blobs/uploads/", authorization);
  if (is_refusal(response)) {
    return failed("the role " + role_in(context) + " may not push to " + repository.name,
                  "have its owner run: " + grant("WRITE", context));
  }
  if (response.status != 202) return unexpected("pushing", response);
  const auto upload = path_in(response.header("location"), context.host->name());
  // The registry deletes an abandoned upload by itself, so a failure here does not matter.
  if (upload) client_of(context).send("DELETE", *upload, authorization);
  return ok("the role " + role_in(context) + " may push: an upload was started, and canceled");
}

}  // namespace plugin::doctor
