// SPDX-License-Identifier: Apache-2.0
#include <sys/utsname.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/file_change.hpp"
#include "base/text.hpp"
#include "docker_config/plan.hpp"
#include "doctor/check_context.hpp"
#include "doctor/report.hpp"

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
  for (auto* store : {stores.ready.get(), stores.credentials.get()}) {
    for (const auto& key : store->keys())
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

OrderedJson bundle_of(const Report& report, CheckContext& context) {
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

}  // namespace

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
