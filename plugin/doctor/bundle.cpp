// SPDX-License-Identifier: Apache-2.0
#include "doctor/bundle.hpp"

#include <sys/utsname.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "doctor/json_report.hpp"

namespace plugin::doctor {
namespace {

using base::OrderedJson;

/// Those whose values say something about what goes wrong, and hold no secret.
constexpr std::array<std::string_view, 33> shown_variables = {"BUILDX_CONFIG",
                                                              "CI",
                                                              "COLUMNS",
                                                              "CURL_CA_BUNDLE",
                                                              "DBUS_SESSION_BUS_ADDRESS",
                                                              "DISPLAY",
                                                              "DOCKER_CONFIG",
                                                              "DOCKER_CONTEXT",
                                                              "DOCKER_SNOWFLAKE_CONFIG",
                                                              "HOME",
                                                              "LANG",
                                                              "LC_ALL",
                                                              "LC_CTYPE",
                                                              "NO_COLOR",
                                                              "NO_PROXY",
                                                              "PATH",
                                                              "REGISTRY_AUTH_FILE",
                                                              "REQUESTS_CA_BUNDLE",
                                                              "SNOWFLAKE_ACCOUNT",
                                                              "SNOWFLAKE_AUTHENTICATOR",
                                                              "SNOWFLAKE_DEFAULT_CONNECTION_NAME",
                                                              "SNOWFLAKE_HOME",
                                                              "SNOWFLAKE_HOST",
                                                              "SNOWFLAKE_ROLE",
                                                              "SNOWFLAKE_USER",
                                                              "SSL_CERT_DIR",
                                                              "SSL_CERT_FILE",
                                                              "TERM",
                                                              "WAYLAND_DISPLAY",
                                                              "WSL_DISTRO_NAME",
                                                              "XDG_CONFIG_HOME",
                                                              "XDG_RUNTIME_DIR",
                                                              "no_proxy"};

constexpr const char* hidden = "(set)";

OrderedJson variables(const base::Environment& environment) {
  auto json = OrderedJson::object();
  for (const auto& [name, value] : environment.all())
    json[name] = std::ranges::find(shown_variables, name) != shown_variables.end() ? value : hidden;
  return json;
}

OrderedJson fields(const config::Connection& connection) {
  auto json = OrderedJson::object();
  json["name"] = connection.name;
  for (const auto& [field, value] : connection.fields)
    json[field] = may_be_shown(field) ? std::string{value.reveal()} : hidden;
  return json;
}

/// Who answers for which registry, and which registries have a login; nothing else of the file.
OrderedJson docker_config(const base::Json& config) {
  auto json = OrderedJson::object();
  if (!config.is_object()) return json;
  auto keys = OrderedJson::array();
  for (const auto& [key, value] : config.items()) keys.push_back(key);
  json["keys"] = std::move(keys);
  for (const auto& [registry, helper] : base::member(config, "credHelpers").items())
    json["credHelpers"][registry] = helper.is_string() ? helper.get<std::string>() : "";
  json["credsStore"] = base::text_at(config, "credsStore").value_or("");
  for (const auto& [registry, entry] : base::member(config, "auths").items()) {
    auto& members = json["auths"][registry] = OrderedJson::array();
    for (const auto& [member, value] : entry.items()) members.push_back(member);
  }
  return json;
}

OrderedJson kept(Examination& examination) {
  auto json = OrderedJson::array();
  auto& stores = examination.wiring.stores();
  for (auto* ladder : {stores.ready.get(), stores.credentials.get()}) {
    for (const auto& key : ladder->keys())
      json.push_back({{"kind", key.kind}, {"host", key.host}, {"user", key.user}});
  }
  return json;
}

/// In seconds, by this machine's clock.
OrderedJson lifetimes(Examination& examination) {
  auto json = OrderedJson::array();
  for (const auto& [kind, stores, expires_at] :
       examination.wiring.session(*examination.connection).cached()) {
    json.push_back({{"kind", kind},
                    {"places", stores},
                    {"seconds left", (expires_at - examination.context.clock.now()).count()}});
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

/// Every text in it goes through the net for secrets.
void clean(OrderedJson& json, const Redaction& redaction) {
  if (json.is_string()) {
    json = redaction.clean(json.get<std::string>());
  } else if (json.is_structured()) {
    for (auto& member : json) clean(member, redaction);
  }
}

}  // namespace

base::OrderedJson bundle_of(const Report& report, Examination& examination) {
  OrderedJson json;
  json["report"] = to_json(report);
  json["system"] = system();
  json["variables"] = variables(examination.context.environment);
  if (examination.connection) json["connection"] = fields(*examination.connection);
  try {
    json["connections"] = examination.context.resolver.connections().names();
    json["kept"] = kept(examination);
    if (examination.connection) json["kept of the connection"] = lifetimes(examination);
  } catch (const base::Error& error) {
    json["not readable"] = error.what();
  }
  json["docker config"] = docker_config(examination.docker_config);
  clean(json, examination.redaction);
  return json;
}

void refuse_to_replace(const std::filesystem::path& file, bool replace) {
  std::error_code ignored;
  if (replace || !std::filesystem::exists(std::filesystem::symlink_status(file, ignored))) return;
  throw base::Error(base::Kind::usage, file.string() + " is there already",
                    "choose another name, or add --force to replace it");
}

void write_bundle(const std::filesystem::path& file, const Report& report, Examination& examination) {
  base::write_file(
      file, bundle_of(report, examination).dump(2, ' ', false, OrderedJson::error_handler_t::replace) + "\n");
}

}  // namespace plugin::doctor
