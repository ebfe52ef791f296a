// SPDX-License-Identifier: Apache-2.0
#include "base/text.hpp"
#include "doctor/checks.hpp"
#include "doctor/examination.hpp"
#include "net/url.hpp"
#include "snowflake/codes.hpp"

namespace plugin::doctor {
namespace {

constexpr const char* none = "no repository was named";
/// What rights are tried with where no image was named: rights are those of the repository.
constexpr const char* no_image = "docker-snowflake-doctor";

std::string database_of(const std::string& name) { return name.substr(0, name.find('.')); }
std::string schema_of(const std::string& name) { return name.substr(0, name.rfind('.')); }

/// What somebody has to run who may grant (`snowflake/PROTOCOL.md` 8.3).
std::string grant(const char* privilege, const Examination& examination) {
  return std::string{"GRANT "} + privilege + " ON IMAGE REPOSITORY " + examination.repository->name +
         " TO ROLE " + examination.role() + ";";
}

std::string grant_usage(const Examination& examination) {
  const auto& name = examination.repository->name;
  return "GRANT USAGE ON DATABASE " + database_of(name) + " TO ROLE " + examination.role() +
         "; GRANT USAGE ON SCHEMA " + schema_of(name) + " TO ROLE " + examination.role() + ";";
}

std::string path_of(const Repository& repository) {
  auto pieces = base::split(base::to_lower(repository.name), '.');
  for (auto& piece : base::split(repository.image.empty() ? no_image : repository.image, '/'))
    pieces.push_back(std::move(piece));
  // A repository's name may have a $, which no path may.
  for (auto& piece : pieces) piece = net::percent_encode(piece);
  return base::join(pieces, "/");
}

base::Secret authorization_to(const char* actions, Examination& examination) {
  return examination.authorization_for("repository:" + path_of(*examination.repository) + ":" + actions);
}

bool is_refusal(const net::HttpResponse& response) {
  return response.status == 401 || response.status == 403;
}

Finding unexpected(const std::string& what, const net::HttpResponse& response) {
  return broken(what + ": the registry answers with " + registry::words_of(response),
                "try again; https://status.snowflake.com tells about outages");
}

/// Where an upload goes on: on the registry itself, or nowhere.
std::optional<std::string> path_in(const std::string& location, const std::string& host) {
  const std::string prefix = "https://" + host + "/";
  if (location.starts_with(prefix)) return location.substr(prefix.size() - 1);
  if (location.starts_with("/") && !location.starts_with("//")) return location;
  return std::nullopt;
}

}  // namespace

Finding look_at_repository(Examination& examination) {
  if (!examination.repository) return skipped(none);
  auto& repository = *examination.repository;
  require_namespace(repository.object, *examination.session);
  repository.name = base::to_upper(repository.object.completed(*examination.session));
  auto session = examination.wiring.session(*examination.connection);
  try {
    const auto found =
        session.run("show image repositories like " + sql_pattern(repository.object.stored_name()) +
                    " in schema " + schema_of(repository.name));
    if (!found.rows.empty()) return good(repository.name + " is there");
  } catch (const snowflake::StatementError&) {
    return broken("the role " + examination.role() + " sees no schema " + schema_of(repository.name),
                  "check the name with 'docker snowflake repositories', or have an owner run: " +
                      grant_usage(examination) + " " + grant("READ", examination));
  }
  return broken("the role " + examination.role() + " sees no image repository " + repository.name,
                "check the name with 'docker snowflake repositories', or have its owner run: " +
                    grant("READ", examination));
}

Finding look_at_pulling(Examination& examination) {
  if (!examination.repository) return skipped(none);
  const auto& repository = *examination.repository;
  const auto authorization = authorization_to("pull", examination);
  const std::string path = "/v2/" + path_of(repository);
  const auto response = examination.registry_client().ask("GET", path + "/tags/list", authorization);
  if (is_refusal(response)) {
    return broken("the role " + examination.role() + " may not pull from " + repository.name,
                  "have its owner run: " + grant("READ", examination));
  }
  if (response.status != 200 && response.status != 404) return unexpected("pulling", response);
  if (response.status == 404 && !repository.image.empty()) {
    return odd("the role " + examination.role() + " may pull, and there is no image " + repository.image,
               "push it first, or check its name: docker snowflake images " + repository.name);
  }
  return good("the role " + examination.role() + " may");
}

Finding look_at_pushing(Examination& examination) {
  if (!examination.repository) return skipped(none);
  const auto& repository = *examination.repository;
  const auto authorization = authorization_to("pull,push", examination);
  const auto response = examination.registry_client().ask(
      "POST", "/v2/" + path_of(repository) + "/blobs/uploads/", authorization);
  if (is_refusal(response)) {
    return broken("the role " + examination.role() + " may not push to " + repository.name,
                  "have its owner run: " + grant("WRITE", examination));
  }
  if (response.status != 202) return unexpected("pushing", response);
  const auto location = response.headers.find("location");
  const auto upload =
      location == response.headers.end() ? std::nullopt : path_in(location->second, examination.host->name());
  // An upload that is begun and left is deleted by the registry some day: no need to fail for it.
  if (upload) examination.registry_client().ask("DELETE", *upload, authorization);
  return good("the role " + examination.role() + " may: an upload was begun, and cancelled");
}

}  // namespace plugin::doctor
