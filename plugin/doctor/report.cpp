// SPDX-License-Identifier: Apache-2.0
#include "doctor/report.hpp"

#include <sys/utsname.h>

#include <algorithm>
#include <string_view>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/file_change.hpp"
#include "base/text.hpp"
#include "docker_config/plan.hpp"
#include "doctor/check_context.hpp"
#include "version.hpp"

namespace plugin::doctor {
namespace {

using base::OrderedJson;

/// Their values say something about what goes wrong, and hold no secret.
constexpr std::string_view shown_variables =
    "BUILDX_CONFIG CI COLUMNS CURL_CA_BUNDLE DBUS_SESSION_BUS_ADDRESS DISPLAY DOCKER_CONFIG"
    " DOCKER_CONTEXT DOCKER_SNOWFLAKE_CONFIG HOME LANG LC_ALL LC_CTYPE NO_COLOR NO_PROXY PATH"
    " REGISTRY_AUTH_FILE REQUESTS_CA_BUNDLE SNOWFLAKE_ACCOUNT SNOWFLAKE_AUTHENTICATOR"
    " SNOWFLAKE_DEFAULT_CONNECTION_NAME SNOWFLAKE_HOME SNOWFLAKE_HOST SNOWFLAKE_ROLE"
    " SNOWFLAKE_USER SSL_CERT_DIR SSL_CERT_FILE TERM WAYLAND_DISPLAY WSL_DISTRO_NAME"
    " XDG_CONFIG_HOME XDG_RUNTIME_DIR no_proxy";

constexpr const char* hidden = "(set)";

OrderedJson variables(const base::Environment& environment) {
  const auto shown = base::split(shown_variables, ' ');
  auto json = OrderedJson::object();
  for (const auto& [name, value] : environment.all())
    json[name] = std::ranges::find(shown, name) != shown.end() ? value : hidden;
  return json;
}

OrderedJson fields(const config::Connection& connection, const base::Environment& environment) {
  auto json = OrderedJson::object();
  json["name"] = connection.name;
  for (const auto& [field, value] : connection.fields)
    json[field] = may_be_shown(field, value.reveal(), environment) ? std::string{value.reveal()} : hidden;
  return json;
}

/// Which helper serves which registry, and which registries have a login; nothing else of the file.
OrderedJson docker_config_of(const docker_config::DockerConfig& config) {
  OrderedJson json = {{"keys", config.keys}, {"credsStore", config.store}};
  for (const auto& [registry, helper] : config.helpers)
    json["credHelpers"][docker_config::without_user_info(registry)] = helper;
  for (const auto& [registry, login] : config.logins) {
    auto& fields = json["auths"][docker_config::without_user_info(registry)] = OrderedJson::array();
    for (const auto& [field, value] : login.fields) fields.push_back(field);
  }
  return json;
}

OrderedJson stored(CheckContext& context) {
  auto json = OrderedJson::array();
  auto& stores = context.wiring.stores();
  for (auto* ladder : {stores.ready.get(), stores.credentials.get()}) {
    for (const auto& key : ladder->keys())
      json.push_back({{"kind", key.kind}, {"host", key.host}, {"user", key.user}});
  }
  return json;
}

/// In seconds, by this machine's clock.
OrderedJson lifetimes(CheckContext& context) {
  auto json = OrderedJson::array();
  for (const auto& [kind, stores, expires_at] : context.wiring.session(*context.connection).cached()) {
    json.push_back(
        {{"kind", kind}, {"stores", stores}, {"seconds left", (expires_at - context.clock.now()).count()}});
  }
  return json;
}

OrderedJson system() {
  utsname names{};
  uname(&names);
  const auto release = base::read_file("/etc/os-release").value_or("");
  const auto begin = release.find("PRETTY_NAME=");
  const std::string distribution =
      begin == std::string::npos ? "" : release.substr(begin + 12, release.find('\n', begin) - begin - 12);
  return {{"kernel", std::string{names.sysname} + " " + names.release},
          {"machine", names.machine},
          {"distribution", std::string{base::trim(distribution)}}};
}

/// Every text and every key goes through the redaction.
OrderedJson cleaned(const OrderedJson& json, const Redaction& redaction) {
  if (json.is_string()) return redaction.clean(json.get<std::string>());
  if (!json.is_structured()) return json;
  auto result = json.is_object() ? OrderedJson::object() : OrderedJson::array();
  for (const auto& [key, member] : json.items()) {
    if (json.is_object()) {
      result[redaction.clean(key)] = cleaned(member, redaction);
    } else {
      result.push_back(cleaned(member, redaction));
    }
  }
  return result;
}

}  // namespace

std::string_view word_for(State state) {
  switch (state) {
    case State::ok:
      return "ok";
    case State::warning:
      return "warning";
    case State::failed:
      return "failed";
    case State::skipped:
      break;
  }
  return "skipped";
}

std::string_view title_of(Group group) {
  switch (group) {
    case Group::docker:
      return "Docker";
    case Group::connection:
      return "Connection";
    case Group::docker_config:
      return "Docker's config";
    case Group::stores:
      return "Token stores";
    case Group::network:
      return "Network";
    case Group::snowflake:
      return "Snowflake";
    case Group::registry:
      return "Registry";
    case Group::repository:
      return "Repository";
    case Group::kubernetes:
      break;
  }
  return "Kubernetes";
}

const Result* Report::first_cause() const {
  for (const auto state : {State::failed, State::warning}) {
    const auto found =
        std::ranges::find_if(results, [&](const Result& result) { return result.finding.state == state; });
    if (found == results.end()) continue;
    // `setup`, which makes Docker ask the helper, also logs in.
    if (found->finding.is_fixed_by("login")) {
      const auto setup = std::ranges::find_if(
          found, results.end(), [](const Result& result) { return result.finding.is_fixed_by("setup"); });
      if (setup != results.end()) return &*setup;
    }
    return &*found;
  }
  return nullptr;
}

State Report::state() const {
  const auto* cause = first_cause();
  return cause == nullptr ? State::ok : cause->finding.state;
}

std::string verdict(const Report& report) {
  const auto* cause = report.first_cause();
  const bool is_of_node = std::ranges::any_of(
      report.results, [](const Result& result) { return result.group == Group::kubernetes; });
  if (cause == nullptr && is_of_node)
    return "everything works: the kubelet of this node logs in to " + report.host;
  if (cause == nullptr) {
    if (report.repository.empty())
      return "everything works: docker push and docker pull log in to " + report.host;
    const bool may_push = std::ranges::find(report.results, "push", &Result::id) != report.results.end();
    return std::string{"everything works: you may "} + (may_push ? "push to and pull from " : "pull from ") +
           report.repository;
  }
  return (report.state() == State::warning ? "it works, with a warning: " : "it does not work: ") +
         cause->finding.sentence;
}

base::OrderedJson to_json(const Report& report) {
  const auto* cause = report.first_cause();
  auto checks = base::OrderedJson::array();
  for (const auto& [id, title, group, finding] : report.results) {
    checks.push_back({{"id", id},
                      {"title", title},
                      {"group", title_of(group)},
                      {"state", word_for(finding.state)},
                      {"sentence", finding.sentence},
                      {"next", finding.next}});
  }
  base::OrderedJson json;
  json["verdict"] = {{"state", word_for(report.state())},
                     {"cause", cause == nullptr ? base::OrderedJson{} : base::OrderedJson(cause->id)},
                     {"sentence", verdict(report)},
                     {"next", cause == nullptr ? "" : cause->finding.next}};
  json["host"] = report.host;
  json["repository"] = report.repository;
  json["version"] = version;
  json["checks"] = std::move(checks);
  return json;
}

base::OrderedJson bundle_of(const Report& report, CheckContext& context) {
  OrderedJson json;
  json["report"] = to_json(report);
  json["system"] = system();
  json["variables"] = variables(context.environment);
  if (context.connection) json["connection"] = fields(*context.connection, context.environment);
  try {
    json["connections"] = context.resolver.connections().names();
    json["stored"] = stored(context);
    if (context.connection) json["stored for the connection"] = lifetimes(context);
  } catch (const base::Error& error) {
    json["not readable"] = error.what();
  }
  try {
    json["docker config"] = docker_config_of(context.docker_config());
  } catch (const base::Error& error) {
    json["docker config"] = error.what();
  }
  return cleaned(json, context.redaction);
}

void refuse_to_replace(const std::filesystem::path& file, bool replace) {
  std::error_code ignored;
  if (replace || !std::filesystem::exists(std::filesystem::symlink_status(file, ignored))) return;
  throw base::Error(base::Kind::usage, file.string() + " exists already",
                    "choose another name, or add --force to replace it");
}

void write_bundle(const std::filesystem::path& file, const Report& report, CheckContext& context) {
  base::write_file(
      file, bundle_of(report, context).dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n");
}

}  // namespace plugin::doctor
