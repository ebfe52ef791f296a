// SPDX-License-Identifier: Apache-2.0
#include "kubelet/provider_rules.hpp"

#include <unistd.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"

namespace kubelet {
namespace {

constexpr std::string_view provider_group = "credentialprovider.kubelet.k8s.io/";

bool is_one_of(std::string_view text, const std::vector<std::string_view>& words) {
  return std::ranges::find(words, text) != words.end();
}

/// Whether time.ParseDuration of Go reads this.
bool is_duration(std::string_view text) {
  constexpr std::string_view digits = "0123456789";
  constexpr std::string_view number_characters = "0123456789.";
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  if (text == "0") return true;
  if (text.empty()) return false;
  while (!text.empty()) {
    const auto number = text.substr(0, text.find_first_not_of(number_characters));
    text.remove_prefix(number.size());
    const auto unit = text.substr(0, text.find_first_of(number_characters));
    text.remove_prefix(unit.size());
    const bool is_number =
        number.find_first_of(digits) != std::string_view::npos && std::ranges::count(number, '.') < 2;
    if (!is_number || !is_one_of(unit, {"h", "m", "s", "ms", "us", "µs", "μs", "ns"})) return false;
  }
  return true;
}

/// [prefix/]name, the syntax of annotation keys in Kubernetes.
bool is_qualified_name(std::string_view text) {
  const auto slash = text.rfind('/');
  const auto name = slash == std::string_view::npos ? text : text.substr(slash + 1);
  const auto is_inner = [](char c) { return base::is_alphanumeric(c) || c == '-' || c == '_' || c == '.'; };
  if (name.empty() || name.size() > 63 || !base::is_alphanumeric(name.front()) ||
      !base::is_alphanumeric(name.back()) || !std::ranges::all_of(name, is_inner))
    return false;
  if (slash == std::string_view::npos) return true;
  const auto prefix = base::to_lower(text.substr(0, slash));
  const auto is_label_character = [](char c) { return base::is_lower(c) || base::is_digit(c) || c == '-'; };
  return !prefix.empty() && prefix.size() <= 253 &&
         std::ranges::all_of(base::split(prefix, '.'), [&](const auto& part) {
           return !part.empty() && part.front() != '-' && part.back() != '-' &&
                  std::ranges::all_of(part, is_label_character);
         });
}

class Checker {
public:
  Checker(const std::filesystem::path& bin_dir, std::string_view to_be_installed)
      : bin_dir_(bin_dir), to_be_installed_(to_be_installed) {}

  std::vector<Problem> check(const YamlValue& root) {
    if (root.kind != YamlValue::Kind::mapping) {
      add(root, "", "Object 'Kind' is missing: the file holds no CredentialProviderConfig");
      return problems_;
    }
    const auto* kind = root.find("kind");
    const auto* version = root.find("apiVersion");
    if (kind == nullptr || kind->text != "CredentialProviderConfig")
      add(kind != nullptr ? *kind : root, "kind", "must be CredentialProviderConfig");
    const std::string text = version != nullptr ? version->text : "";
    if (!is_one_of(text, {"kubelet.config.k8s.io/v1", "kubelet.config.k8s.io/v1beta1",
                          "kubelet.config.k8s.io/v1alpha1"}))
      add(version != nullptr ? *version : root, "apiVersion", "must be kubelet.config.k8s.io/v1");
    is_v1_ = text == "kubelet.config.k8s.io/v1";
    refuse_unknown(root, "", {"kind", "apiVersion", "providers"});
    const auto* providers = root.find("providers");
    if (providers == nullptr || providers->kind == YamlValue::Kind::null ||
        (providers->kind == YamlValue::Kind::sequence && providers->items.empty())) {
      add(providers != nullptr ? *providers : root, "providers",
          "Required value: at least 1 item in plugins is required");
    } else if (providers->kind != YamlValue::Kind::sequence) {
      add(*providers, "providers", "must be a list");
    } else {
      for (std::size_t index = 0; index < providers->items.size(); ++index)
        check_provider(providers->items[index], "providers[" + std::to_string(index) + "]");
    }
    return problems_;
  }

private:
  void add(const YamlValue& value, const std::string& path, const std::string& what) {
    problems_.push_back({value.line, path.empty() ? what : path + ": " + what});
  }

  void refuse_unknown(const YamlValue& value, const std::string& path,
                      const std::vector<std::string_view>& known) {
    for (const auto& member : value.members) {
      if (!is_one_of(member.key, known))
        problems_.push_back({member.line, (path.empty() ? "" : path + ": ") + "unknown field \"" +
                                              base::printable(member.key, 60) + "\""});
    }
  }

  /// Null for a field that is missing or null.
  static const YamlValue* field(const YamlValue& object, std::string_view key) {
    const auto* value = object.find(key);
    return value == nullptr || value->kind == YamlValue::Kind::null ? nullptr : value;
  }

  std::string text_field(const YamlValue& object, const std::string& path, std::string_view key) {
    const auto* value = field(object, key);
    if (value == nullptr) return {};
    if (value->is_text()) return value->text;
    add(*value, path + "." + std::string{key}, "must be text; put it in quotes");
    return {};
  }

  /// The same for a field that must not be missing or empty. `when` follows "is required".
  std::string required_text(const YamlValue& object, const std::string& path, const std::string& key,
                            const std::string& when = {}) {
    auto text = text_field(object, path, key);
    if (text.empty()) add(object, path + "." + key, "Required value: " + key + " is required" + when);
    return text;
  }

  std::vector<const YamlValue*> texts(const YamlValue& object, const std::string& path,
                                      std::string_view key) {
    std::vector<const YamlValue*> result;
    const auto* list = field(object, key);
    if (list == nullptr) return result;
    const std::string own = path + "." + std::string{key};
    if (list->kind != YamlValue::Kind::sequence) add(*list, own, "must be a list");
    for (const auto& item : list->items) {
      if (item.is_text()) {
        result.push_back(&item);
      } else {
        add(item, own, "must hold text; put it in quotes");
      }
    }
    return result;
  }

  void check_provider(const YamlValue& provider, const std::string& path) {
    if (provider.kind != YamlValue::Kind::mapping) {
      add(provider, path, "must be an object");
      return;
    }
    std::vector<std::string_view> known = {"name",       "matchImages", "defaultCacheDuration",
                                           "apiVersion", "args",        "env"};
    if (is_v1_) known.emplace_back("tokenAttributes");
    refuse_unknown(provider, path, known);
    check_name(provider, path);
    const auto version = required_text(provider, path, "apiVersion");
    const bool is_known = version.starts_with(provider_group) &&
                          is_one_of(version.substr(provider_group.size()), {"v1", "v1beta1", "v1alpha1"});
    if (!version.empty() && !is_known) {
      add(*provider.find("apiVersion"), path + ".apiVersion",
          "Unsupported value: \"" + base::printable(version, 80) + "\"");
    }
    const auto patterns = texts(provider, path, "matchImages");
    if (patterns.empty())
      add(provider, path + ".matchImages", "Required value: at least 1 item in matchImages is required");
    for (const auto* pattern : patterns) {
      if (!is_valid_pattern(pattern->text))
        add(*pattern, path + ".matchImages",
            "Invalid value: \"" + base::printable(pattern->text, 200) + "\": match image is invalid");
    }
    check_duration(provider, path);
    texts(provider, path, "args");
    check_env(provider, path);
    if (const auto* tokens = field(provider, "tokenAttributes"); tokens != nullptr && is_v1_)
      check_tokens(*tokens, version, path + ".tokenAttributes");
  }

  void check_name(const YamlValue& provider, const std::string& path) {
    const auto name = required_text(provider, path, "name");
    if (name.empty()) return;
    const auto refuse = [&](const std::string& why) { add(*provider.find("name"), path + ".name", why); };
    const bool has_slash = name.find('/') != std::string::npos;
    if (has_slash) refuse("provider name cannot contain '/'");
    if (name.find(' ') != std::string::npos) refuse("provider name cannot contain spaces");
    if (name == "." || name == "..") refuse("provider name cannot be '" + name + "'");
    if (!names_.insert(name).second) refuse("Duplicate value: \"" + base::printable(name, 80) + "\"");
    if (name == to_be_installed_ || has_slash) return;
    const auto program = (bin_dir_ / name).string();
    std::error_code ignored;
    if (!std::filesystem::exists(program, ignored)) {
      refuse("plugin binary executable " + program + " did not exist");
    } else if (std::filesystem::is_directory(program, ignored) || access(program.c_str(), X_OK) != 0) {
      refuse(program + " is not an executable file: chmod 0755 \"" + program + "\"");
    }
  }

  void check_duration(const YamlValue& provider, const std::string& path) {
    const std::string own = path + ".defaultCacheDuration";
    const auto* value = field(provider, "defaultCacheDuration");
    if (value == nullptr) {
      add(provider, own, "Required value: defaultCacheDuration is required");
      return;
    }
    const auto& text = value->text;
    if (!value->is_text() || !is_duration(text)) {
      add(*value, own, "must be a duration such as \"0s\" or \"10m\", in quotes");
    } else if (text.starts_with('-') && text.find_first_of("123456789") != std::string::npos) {
      add(*value, own, "Invalid value: defaultCacheDuration must be greater than or equal to 0");
    }
  }

  void check_env(const YamlValue& provider, const std::string& path) {
    const auto* list = field(provider, "env");
    if (list == nullptr) return;
    if (list->kind != YamlValue::Kind::sequence) add(*list, path + ".env", "must be a list");
    for (const auto& variable : list->items) {
      if (variable.kind != YamlValue::Kind::mapping) {
        add(variable, path + ".env", "must hold objects with name and value");
        continue;
      }
      refuse_unknown(variable, path + ".env", {"name", "value"});
      text_field(variable, path + ".env", "name");
      text_field(variable, path + ".env", "value");
    }
  }

  void check_tokens(const YamlValue& tokens, const std::string& version, const std::string& path) {
    if (tokens.kind != YamlValue::Kind::mapping) {
      add(tokens, path, "must be an object");
      return;
    }
    refuse_unknown(tokens, path,
                   {"serviceAccountTokenAudience", "cacheType", "requireServiceAccount",
                    "requiredServiceAccountAnnotationKeys", "optionalServiceAccountAnnotationKeys"});
    if (version != std::string{provider_group} + "v1") {
      add(tokens, path,
          "Forbidden: tokenAttributes is only supported for credentialprovider.kubelet.k8s.io/v1 API "
          "version");
    }
    required_text(tokens, path, "serviceAccountTokenAudience");
    const auto cache_type = required_text(
        tokens, path, "cacheType",
        " to be set when tokenAttributes is specified. Supported values are: ServiceAccount, Token");
    if (!is_one_of(cache_type, {"", "ServiceAccount", "Token"})) {
      add(*tokens.find("cacheType"), path + ".cacheType",
          "Unsupported value: \"" + base::printable(cache_type, 50) + "\"");
    }
    const auto* require = field(tokens, "requireServiceAccount");
    if (require == nullptr) {
      add(tokens, path + ".requireServiceAccount", "Required value: requireServiceAccount is required");
    } else if (!require->is_boolean()) {
      add(*require, path + ".requireServiceAccount", "must be true or false");
    }
    const auto required = texts(tokens, path, "requiredServiceAccountAnnotationKeys");
    if (require != nullptr && base::equals_ignoring_case(require->text, "false") && !required.empty()) {
      add(*required.front(), path + ".requiredServiceAccountAnnotationKeys",
          "Forbidden: requireServiceAccount cannot be false when requiredServiceAccountAnnotationKeys is "
          "set");
    }
    std::set<std::string> keys;
    for (const char* list :
         {"requiredServiceAccountAnnotationKeys", "optionalServiceAccountAnnotationKeys"}) {
      for (const auto* key : texts(tokens, path, list)) {
        const std::string own = path + "." + list;
        if (!is_qualified_name(key->text))
          add(*key, own, "Invalid value: \"" + base::printable(key->text, 80) + "\"");
        if (!keys.insert(key->text).second)
          add(*key, own, "Duplicate value: \"" + base::printable(key->text, 80) + "\"");
      }
    }
  }

  const std::filesystem::path& bin_dir_;
  std::string_view to_be_installed_;
  bool is_v1_ = false;
  std::set<std::string> names_;
  std::vector<Problem> problems_;
};

}  // namespace

std::vector<Problem> rejections(const YamlValue& root, const std::filesystem::path& bin_dir,
                                std::string_view to_be_installed) {
  return Checker{bin_dir, to_be_installed}.check(root);
}

}  // namespace kubelet
