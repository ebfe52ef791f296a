// SPDX-License-Identifier: Apache-2.0
#include "docker_config/plan.hpp"

#include <algorithm>
#include <functional>

#include "base/error.hpp"
#include "docker/registry.hpp"
#include "docker_config/docker_config.hpp"

namespace plugin::docker_config {
namespace {

constexpr const char* helpers = "credHelpers";
constexpr const char* logins = "auths";
constexpr const char* store = "credsStore";
constexpr const char* plugins = "plugins";
constexpr const char* helper = "snowflake";

/// A text that is edited step by step.
class Draft {
public:
  Draft(const std::string& text, std::string name)
      : name_(std::move(name)), json_(JsonText::parse(is_blank(text) ? empty_config : text, name_)) {}

  const JsonText& json() const { return json_; }
  const std::string& text() const { return json_.text(); }
  void set(const std::string& object, const std::string& key, const std::string& value) {
    if (const auto edit = set_member(json_, object, key, value)) make(*edit);
  }
  void remove(const std::string& object, const std::string& key) {
    while (const auto edit = remove_member(json_, object, key)) make(*edit);
  }

  std::vector<Edit> edits;

private:
  void make(const Edit& edit) {
    json_ = JsonText::parse(apply(json_.text(), edit), name_);
    edits.push_back(edit);
  }

  std::string name_;
  JsonText json_;
};

/// The names under which a host is looked for.
std::vector<std::string> names_of(const std::string& host) {
  if (host.find(':') != std::string::npos) return {host};
  return {host, host + ":443"};
}

bool is_right_name(const std::vector<std::string>& hosts, const std::string& key) {
  return std::ranges::any_of(hosts, [&](const std::string& host) {
    const auto names = names_of(host);
    return std::ranges::find(names, key) != names.end();
  });
}

bool means_one_of(const std::vector<std::string>& hosts, const std::string& key) {
  const auto host = docker::RegistryHost::parse(key, hosts);
  return host && std::ranges::find(hosts, host->name()) != hosts.end();
}

/// The keys in all objects called `name` that mean one of the hosts, of those members that `matches` accepts.
std::vector<std::string> keys_of(const JsonText& json, const char* name,
                                 const std::vector<std::string>& hosts,
                                 const std::function<bool(const JsonMember&)>& matches) {
  std::vector<std::string> keys;
  for (const auto& object : json.root().members) {
    if (!is_field(object.key, name)) continue;
    for (const auto& member : object.value.members) {
      const bool is_new = std::ranges::find(keys, member.key) == keys.end();
      if (is_new && means_one_of(hosts, member.key) && matches(member)) keys.push_back(member.key);
    }
  }
  return keys;
}

void remove_old_logins(Draft& draft, const DesiredConfig& desired, Plan& plan) {
  if (!desired.keep_logins) {
    plan.old_logins = keys_of(draft.json(), logins, desired.hosts, [&](const JsonMember& member) {
      return !member.value.members.empty() || !is_right_name(desired.hosts, member.key);
    });
  }
  for (const auto& key : plan.old_logins) draft.remove(logins, key);
  if (!desired.helpers) return;
  // A name with a password in it is not written into the undo record.
  const auto has_user_info = [](const JsonMember& member) {
    return without_user_info(member.key) != member.key;
  };
  for (const auto& key : keys_of(draft.json(), helpers, desired.hosts, has_user_info)) {
    draft.remove(helpers, key);
    plan.old_logins.push_back(key);
  }
}

void set_in_object(Draft& draft, const char* name, const std::string& key, const std::string& value) {
  const auto* object = find_member(draft.json(), "", name);
  if (object == nullptr || object->value.type == JsonValue::Type::null) draft.set("", name, "{}");
  draft.set(name, key, value);
}

/// Docker calls the plugins that are named here after a command fails, if its hooks are enabled
/// (`docker/PROTOCOL.md` 2.7).
void add_hints(Draft& draft) {
  set_in_object(draft, plugins, helper, R"({"hooks": "push,pull"})");
  set_in_object(draft, "features", "hooks", R"("true")");
}

void add_helpers(Draft& draft, const DesiredConfig& desired) {
  // Docker compares names letter by letter, so it never finds those that are spelled differently.
  const auto is_misspelled = [&](const JsonMember& member) {
    return !is_right_name(desired.hosts, member.key);
  };
  for (const auto& key : keys_of(draft.json(), helpers, desired.hosts, is_misspelled))
    draft.remove(helpers, key);
  for (const auto& host : desired.hosts) {
    for (const auto& name : names_of(host)) set_in_object(draft, helpers, name, quoted(helper));
  }
}

/// What Docker must read from the result. An edit may have another effect, for example where an object occurs
/// twice.
DockerConfig expected(DockerConfig config, const DesiredConfig& desired, const Plan& plan) {
  for (const auto& key : plan.old_logins) {
    config.logins.erase(key);
    if (desired.helpers) config.helpers.erase(key);
  }
  if (desired.hints) config.plugins[helper] = {{"hooks", "push,pull"}};
  if (!desired.helpers || desired.hosts.empty()) return config;
  if (!config.has_credentials() && desired.default_store) config.store = *desired.default_store;
  std::erase_if(config.helpers, [&](const auto& entry) {
    return means_one_of(desired.hosts, entry.first) && !is_right_name(desired.hosts, entry.first);
  });
  for (const auto& host : desired.hosts) {
    for (const auto& name : names_of(host)) config.helpers.insert_or_assign(name, helper);
  }
  return config;
}

void require_same(const DockerConfig& wanted, const DockerConfig& got, const std::string& name) {
  const auto key = [](const auto& entry) { return entry.first; };
  const bool same_logins = std::ranges::equal(wanted.logins, got.logins, {}, key, key);
  if (same_logins && wanted.helpers == got.helpers && wanted.store == got.store &&
      wanted.plugins == got.plugins && !got.error)
    return;
  throw base::Error(
      base::Kind::config,
      name +
          ": auths, credHelpers, credsStore or plugins occurs more than once, so that a change to one "
          "would change another",
      "write each of them once, in an editor; the file was not changed");
}

Plan finished(Draft& draft, Plan plan) {
  plan.edits = std::move(draft.edits);
  plan.text = draft.text();
  return plan;
}

}  // namespace

Plan plan(const std::string& text, const std::string& name, const DesiredConfig& desired) {
  Draft draft{text, name};
  const auto before = DockerConfig::read(draft.text(), name);
  Plan plan;
  remove_old_logins(draft, desired, plan);
  plan.without_logins = draft.text();
  draft.edits.clear();
  if (desired.hints) add_hints(draft);
  if (desired.helpers && !desired.hosts.empty()) {
    add_helpers(draft, desired);
    if (!before.has_credentials() && desired.default_store)
      draft.set("", store, quoted(*desired.default_store));
  }
  plan = finished(draft, std::move(plan));
  if (!plan.is_empty())
    require_same(expected(before, desired, plan), DockerConfig::read(plan.text, name), name);
  return plan;
}

Plan plan_removal(const std::string& text, const std::string& name) {
  Draft draft{text, name};
  auto config = DockerConfig::read(draft.text(), name);
  Plan plan;
  plan.without_logins = draft.text();
  for (const auto& [registry, value] : config.helpers) {
    if (value == helper) draft.remove(helpers, registry);
  }
  std::erase_if(config.helpers, [](const auto& entry) { return entry.second == helper; });
  if (config.store == helper) {
    draft.remove("", store);
    config.store.clear();
  }
  const auto* object = find_member(draft.json(), "", helpers);
  const bool is_emptied = object != nullptr && object->value.type == JsonValue::Type::object &&
                          object->value.members.empty() && !draft.edits.empty();
  if (is_emptied && config.helpers.empty()) draft.remove("", helpers);
  plan = finished(draft, std::move(plan));
  if (!plan.is_empty()) require_same(config, DockerConfig::read(plan.text, name), name);
  return plan;
}

std::string without_secrets(const std::string& text, const std::string& name) {
  const auto json = JsonText::parse(text, name);
  struct Cut {
    std::size_t begin;
    std::size_t end;
    std::string instead;
  };
  std::vector<Cut> cuts;
  for (const auto& member : json.root().members) {
    const bool holds_logins = is_field(member.key, logins);
    if (holds_logins || is_field(member.key, helpers)) {
      for (const auto& entry : member.value.members) {
        if (const auto key = without_user_info(entry.key); key != entry.key)
          cuts.push_back({entry.begin, entry.key_end, quoted(key)});
        if (holds_logins) cuts.push_back({entry.value.begin, entry.value.end, "{}"});
      }
    } else if (is_field(member.key, "HttpHeaders") || is_field(member.key, "proxies")) {
      cuts.push_back({member.value.begin, member.value.end, "{}"});
    }
  }
  // Docker ignores what follows the first value.
  std::string result = text.substr(0, json.root().end);
  std::ranges::for_each(cuts.rbegin(), cuts.rend(),
                        [&](const Cut& cut) { result.replace(cut.begin, cut.end - cut.begin, cut.instead); });
  return result;
}

std::string without_user_info(const std::string& key) {
  const auto scheme = key.find("://");
  const auto begin = scheme == std::string::npos ? 0 : scheme + 3;
  const auto host_end = std::min(key.find_first_of("/?#", begin), key.size());
  // A password may contain /, ? or #: then what follows the first colon is not a port.
  const auto colon = key.find(':', begin);
  const bool has_password = colon < host_end && key.find_first_not_of("0123456789", colon + 1) < host_end;
  const auto at = key.rfind('@', has_password ? key.size() : host_end);
  if (at == std::string::npos || at < begin) return key;
  return key.substr(0, begin) + key.substr(at + 1);
}

}  // namespace plugin::docker_config
