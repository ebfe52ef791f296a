// SPDX-License-Identifier: Apache-2.0
#include "docker_config/docker_config.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"
#include "docker_config/json_text.hpp"

namespace plugin::docker_config {
namespace {

using Type = JsonValue::Type;
using Texts = std::map<std::string, std::string, std::less<>>;

enum class Shape { text, list, map, map_of_maps, logins, proxies };

struct Field {
  const char* name;
  Shape shape;
};
/// The fields of Docker's ConfigFile (https://pkg.go.dev/github.com/docker/cli/cli/config/configfile).
constexpr std::array fields = {
    Field{"auths", Shape::logins},        Field{"credHelpers", Shape::map},
    Field{"credsStore", Shape::text},     Field{"cliPluginsExtraDirs", Shape::list},
    Field{"plugins", Shape::map_of_maps}, Field{"HttpHeaders", Shape::map},
    Field{"proxies", Shape::proxies},     Field{"aliases", Shape::map},
    Field{"features", Shape::map},        Field{"pruneFilters", Shape::list},
    Field{"psFormat", Shape::text},       Field{"imagesFormat", Shape::text},
    Field{"networksFormat", Shape::text}, Field{"pluginsFormat", Shape::text},
    Field{"volumesFormat", Shape::text},  Field{"statsFormat", Shape::text},
    Field{"detachKeys", Shape::text},     Field{"serviceInspectFormat", Shape::text},
    Field{"servicesFormat", Shape::text}, Field{"tasksFormat", Shape::text},
    Field{"secretFormat", Shape::text},   Field{"configFormat", Shape::text},
    Field{"nodesFormat", Shape::text},    Field{"currentContext", Shape::text},
    Field{"experimental", Shape::text}};
constexpr std::array login_fields = {"username",      "password",      "auth",         "email",
                                     "serveraddress", "identitytoken", "registrytoken"};
constexpr std::array proxy_fields = {"httpProxy", "httpsProxy", "noProxy", "ftpProxy", "allProxy"};
constexpr std::size_t max_mismatches = 10;

class Reader {
public:
  Reader(const JsonText& json, DockerConfig& config) : json_(json), config_(config) {}

  void read() {
    for (const auto& member : json_.root().members) {
      config_.keys.push_back(member.key);
      const auto field =
          std::ranges::find_if(fields, [&](const Field& one) { return is_field(member.key, one.name); });
      if (field == fields.end()) continue;
      name_ = field->name;
      read(member.value, field->shape);
    }
  }

private:
  void read(const JsonValue& value, Shape shape) {
    Texts other_map;
    std::string other_text;
    std::vector<std::string> other_list;
    const std::string_view name = name_;
    switch (shape) {
      case Shape::text:
        return text(value, name == "credsStore" ? config_.store : other_text);
      case Shape::list:
        return list(value, name == "cliPluginsExtraDirs" ? config_.plugin_directories : other_list);
      case Shape::map:
        map(value, name == "credHelpers" ? config_.helpers : other_map);
        if (name == "HttpHeaders") add_headers(value, other_map);
        return;
      case Shape::map_of_maps:
        return map_of_maps(value);
      case Shape::logins:
        return logins(value);
      case Shape::proxies:
        return proxies(value);
    }
  }

  bool is(const JsonValue& value, Type type, const char* words) {
    if (value.type == type) return true;
    if (value.type != Type::null && config_.mismatches.size() < max_mismatches)
      config_.mismatches.push_back(json_.location(value.begin) + ": " + name_ + " must be " + words);
    return false;
  }

  void text(const JsonValue& value, std::string& result) {
    if (is(value, Type::string, "a string")) result = json_.string_of(value);
  }

  void list(const JsonValue& value, std::vector<std::string>& result) {
    if (value.type == Type::null) result.clear();
    if (!is(value, Type::array, "a list of strings")) return;
    // Go reuses the elements of an earlier list, which shows where one is null or of a wrong type.
    result.resize(value.elements.size());
    for (std::size_t index = 0; index < result.size(); ++index) {
      const auto& element = value.elements[index];
      if (is(element, Type::string, "a list of strings")) result[index] = json_.string_of(element);
    }
  }

  void map(const JsonValue& value, Texts& result) {
    if (value.type == Type::null) result.clear();
    if (!is(value, Type::object, "an object of strings")) return;
    for (const auto& member : value.members) {
      auto& entry = result[member.key] = "";
      if (is(member.value, Type::string, "an object of strings")) entry = json_.string_of(member.value);
    }
  }

  void add_headers(const JsonValue& value, const Texts& headers) {
    if (value.type == Type::null) config_.headers.clear();
    for (const auto& [header, text] : headers) config_.headers.insert_or_assign(header, base::Secret{text});
  }

  void map_of_maps(const JsonValue& value) {
    if (value.type == Type::null) config_.plugins.clear();
    if (!is(value, Type::object, "an object of objects")) return;
    for (const auto& member : value.members) {
      auto& entry = config_.plugins[member.key];
      entry.clear();
      map(member.value, entry);
    }
  }

  void logins(const JsonValue& value) {
    if (value.type == Type::null) config_.logins.clear();
    if (!is(value, Type::object, "an object of logins")) return;
    for (const auto& member : value.members) {
      auto& login = config_.logins.insert_or_assign(member.key, Login{}).first->second;
      if (!is(member.value, Type::object, "an object of logins")) continue;
      for (const auto& field : member.value.members) {
        const auto known =
            std::ranges::find_if(login_fields, [&](const char* name) { return is_field(field.key, name); });
        if (known != login_fields.end() && !is(field.value, Type::string, "an object of logins")) continue;
        if (field.value.type == Type::string) {
          login.fields.insert_or_assign(known == login_fields.end() ? field.key : *known,
                                        base::Secret{json_.string_of(field.value)});
        }
      }
    }
  }

  void proxies(const JsonValue& value) {
    if (!is(value, Type::object, "an object of proxies")) return;
    for (const auto& member : value.members) {
      if (!is(member.value, Type::object, "an object of proxies")) continue;
      for (const auto& field : member.value.members) {
        const bool is_known =
            std::ranges::any_of(proxy_fields, [&](const char* name) { return is_field(field.key, name); });
        if (is_known) is(field.value, Type::string, "an object of proxies");
      }
    }
  }

  const JsonText& json_;
  DockerConfig& config_;
  std::string name_;
};

}  // namespace

bool Login::has_credential() const {
  constexpr std::array<std::string_view, 4> secrets = {"auth", "password", "identitytoken", "registrytoken"};
  return std::ranges::any_of(secrets, [&](std::string_view name) {
    const auto field = this->fields.find(name);
    return field != this->fields.end() && !field->second.reveal().empty();
  });
}

DockerConfig DockerConfig::read(const std::string& text, const std::string& name) {
  DockerConfig config;
  if (is_blank(text)) return config;
  try {
    const auto json = JsonText::parse(text, name);
    Reader{json, config}.read();
  } catch (const base::Error& error) {
    config.error = error;
  }
  return config;
}

std::string DockerConfig::helper_for(const std::string& registry) const {
  const auto found = helpers.find(registry);
  return found == helpers.end() ? store : found->second;
}

std::vector<std::string> DockerConfig::helper_names() const {
  std::set<std::string> names;
  for (const auto& [registry, helper] : helpers) names.insert(helper);
  names.insert(store);
  names.erase("");
  return {names.begin(), names.end()};
}

bool is_blank(const std::string& text) {
  // White space of JSON only: other characters that look like it are errors to Docker.
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos) return true;
  return std::string_view{text}.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin) == "null";
}

}  // namespace plugin::docker_config
