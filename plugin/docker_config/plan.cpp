// SPDX-License-Identifier: Apache-2.0
#include "docker_config/plan.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "docker/registry_host.hpp"

namespace docker_config {
namespace {

constexpr const char* helpers = "credHelpers";
constexpr const char* logins = "auths";
constexpr const char* helper = "\"snowflake\"";

/// A text that is edited step by step.
class Draft {
public:
  Draft(const std::string& text, std::string name)
      : name_(std::move(name)), json_(JsonText::parse(text, name_)) {}

  const JsonText& json() const { return json_; }
  const std::string& text() const { return json_.text(); }
  void make(const Edit& edit) {
    json_ = JsonText::parse(apply(json_.text(), edit), name_);
    edits.push_back(edit);
  }
  void set(const std::string& object, const std::string& key, const std::string& value) {
    if (const auto edit = set_member(json_, object, key, value)) make(*edit);
  }
  void remove(const std::string& object, const std::string& key) {
    while (const auto edit = remove_member(json_, object, key)) make(*edit);
  }

  std::vector<Edit> edits;

private:
  std::string name_;
  JsonText json_;
};

bool is_absent_or_null(const JsonText& json, const char* name) {
  const auto* member = find_member(json, "", name);
  return member == nullptr || json.of(member->value) == "null";
}

bool has_members(const JsonText& json, const char* name) {
  const auto* member = find_member(json, "", name);
  return member != nullptr && !member->value.members.empty();
}

/// Docker looks for a store of the system's own as long as its settings say nothing of credentials
/// (`docker/PROTOCOL.md` 3.1); an entry in `credHelpers` ends that.
bool leaves_store_to_docker(const JsonText& json) {
  const auto* store = find_member(json, "", "credsStore");
  const bool has_store =
      store != nullptr && json.of(store->value) != "null" && json.of(store->value) != "\"\"";
  return !has_store && !has_members(json, helpers) && !has_members(json, logins);
}

bool is_one_of(const std::vector<std::string>& hosts, const std::string& spelling) {
  const auto host = docker::RegistryHost::parse(spelling, hosts);
  return host && std::ranges::find(hosts, host->name()) != hosts.end();
}

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

/// The keys of all objects of that name that mean one of the hosts.
std::vector<std::string> keys_of(const JsonText& json, const char* name,
                                 const std::vector<std::string>& hosts, bool with_marks) {
  std::vector<std::string> keys;
  for (const auto& object : json.root().members) {
    if (!base::equals_ignoring_case(object.key, name)) continue;
    for (const auto& [key, begin, key_end, value] : object.value.members) {
      const bool is_mark = value.members.empty() && is_right_name(hosts, key);
      if (is_one_of(hosts, key) && (with_marks || !is_mark) && std::ranges::find(keys, key) == keys.end())
        keys.push_back(key);
    }
  }
  return keys;
}

void add_helpers(Draft& draft, const Wish& wish, bool needs_store) {
  if (is_absent_or_null(draft.json(), helpers)) draft.set("", helpers, "{}");
  for (const auto& key : keys_of(draft.json(), helpers, wish.hosts, true)) {
    // Nobody finds it there: Docker compares names to the letter.
    if (!is_right_name(wish.hosts, key)) draft.remove(helpers, key);
  }
  for (const auto& host : wish.hosts) {
    for (const auto& name : names_of(host)) draft.set(helpers, name, helper);
  }
  if (needs_store && wish.default_store) draft.set("", "credsStore", quoted(*wish.default_store));
}

}  // namespace

Plan plan(const std::string& text, const std::string& name, const Wish& wish) {
  const bool is_blank = base::trim(text).empty();
  Draft draft{is_blank ? no_settings : text, name};
  const bool needs_store = leaves_store_to_docker(draft.json());
  Plan plan;
  if (!wish.keeps_logins) plan.old_logins = keys_of(draft.json(), logins, wish.hosts, false);
  for (const auto& key : plan.old_logins) draft.remove(logins, key);
  plan.without_logins = draft.text();
  draft.edits.clear();
  if (wish.helpers && !wish.hosts.empty()) add_helpers(draft, wish, needs_store);
  plan.edits = std::move(draft.edits);
  plan.text = draft.text();
  return plan;
}

std::string without_secrets(const std::string& text, const std::string& name) {
  const auto json = JsonText::parse(text, name);
  std::vector<const JsonValue*> secret;
  for (const auto& member : json.root().members) {
    if (base::equals_ignoring_case(member.key, logins)) {
      for (const auto& login : member.value.members) secret.push_back(&login.value);
    } else if (base::equals_ignoring_case(member.key, "HttpHeaders") ||
               base::equals_ignoring_case(member.key, "proxies")) {
      secret.push_back(&member.value);
    }
  }
  std::string result = text;
  std::ranges::for_each(secret.rbegin(), secret.rend(), [&](const JsonValue* value) {
    result.replace(value->begin, value->end - value->begin, "{}");
  });
  return result;
}

}  // namespace docker_config
