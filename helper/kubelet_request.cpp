// SPDX-License-Identifier: Apache-2.0
#include "kubelet_request.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "docker/registry.hpp"

namespace helper {
namespace {

using base::Error;
using base::Kind;

constexpr std::string_view api_group = "credentialprovider.kubelet.k8s.io/";
constexpr std::array versions = {std::string_view{"v1"}, std::string_view{"v1beta1"},
                                 std::string_view{"v1alpha1"}};
constexpr std::array known_keys = {std::string_view{"kind"}, std::string_view{"apiVersion"},
                                   std::string_view{"image"}, std::string_view{"serviceAccountToken"},
                                   std::string_view{"serviceAccountAnnotations"}};

constexpr const char* how_to_run =
    "a kubelet runs this program; see docker-credential-snowflake kubelet-credential-provider --help";

/// Detects duplicate keys in an object: JSON parsers differ in which of the values they use (RFC 8259, 4).
class UniqueKeys {
public:
  bool operator()(int /*depth*/, base::Json::parse_event_t event, const base::Json& parsed) {
    using Event = base::Json::parse_event_t;
    if (event == Event::object_start) open_.emplace_back();
    if (event == Event::object_end && !open_.empty()) open_.pop_back();
    if (event == Event::key && !open_.empty() && !open_.back().insert(parsed.get<std::string>()).second)
      are_unique_ = false;
    return true;
  }
  bool are_unique() const noexcept { return are_unique_; }

private:
  std::vector<std::set<std::string>> open_;
  bool are_unique_ = true;
};

[[noreturn]] void refuse(const std::string& message, const std::string& hint = how_to_run) {
  throw Error(Kind::usage, message, hint);
}

/// For users who run the program as a kubelet's provider instead of Docker's helper, or the other way round.
[[noreturn]] void refuse_other_protocol(std::string_view text) {
  if (base::trim(text).empty())
    refuse("standard input is empty: it must contain a CredentialProviderRequest");
  if (docker::RegistryHost::parse(text)) {
    refuse("standard input contains a registry host, not a kubelet's CredentialProviderRequest",
           "for Docker's protocol run: docker-credential-snowflake get");
  }
  refuse("standard input is not the JSON of a kubelet's CredentialProviderRequest");
}

base::Json parse_object(std::string_view text) {
  UniqueKeys unique;
  const auto watch = [&unique](int depth, base::Json::parse_event_t event, base::Json& parsed) {
    return unique(depth, event, parsed);
  };
  auto json = base::Json::parse(text, watch, false);
  if (!json.is_object()) refuse_other_protocol(text);
  if (json.contains("ServerURL")) {
    refuse("standard input contains a credential from Docker, not a kubelet's CredentialProviderRequest",
           "for Docker's protocol run: docker-credential-snowflake store");
  }
  if (!unique.are_unique()) refuse("the CredentialProviderRequest has a duplicate key");
  for (const auto& member : json.items()) {
    const std::string& key = member.key();
    const auto is_same = [&key](std::string_view known) {
      return key != known && base::equals_ignoring_case(key, known);
    };
    if (std::ranges::any_of(known_keys, is_same))
      refuse("the CredentialProviderRequest has the key '" + base::printable(key, 50) +
             "' in the wrong case");
  }
  return json;
}

std::string required_text(const base::Json& json, const char* key) {
  const auto text = base::text_at(json, key);
  if (!text || text->empty()) refuse(std::string{"the CredentialProviderRequest has no string "} + key);
  return *text;
}

std::string checked_api_version(const base::Json& json) {
  const auto text = required_text(json, "apiVersion");
  const bool is_known = std::ranges::any_of(
      versions, [&](std::string_view version) { return text == std::string{api_group}.append(version); });
  if (!is_known) {
    refuse("the apiVersion '" + base::printable(text, 100) + "' is not supported",
           "write apiVersion: credentialprovider.kubelet.k8s.io/v1 into the provider's entry");
  }
  return text;
}

/// The credential is sent to this host, so it must not contain characters that make another program read a
/// different host.
std::string host_in(const std::string& image) {
  const auto slash = image.find('/');
  const std::string host = image.substr(0, slash);
  const bool is_plain = !host.empty() && std::ranges::all_of(host, [](char c) {
    return base::is_alphanumeric(c) || c == '.' || c == '-' || c == '_' || c == ':';
  });
  if (slash == std::string::npos || !is_plain || host.ends_with(':'))
    refuse("the image '" + base::printable(image, 200) + "' has no registry host in front");
  return host;
}

base::Secret token_in(const base::Json& json, const std::string& api_version) {
  const auto& value = base::member(json, "serviceAccountToken");
  const auto& annotations = base::member(json, "serviceAccountAnnotations");
  const bool has_any = json.contains("serviceAccountToken") || json.contains("serviceAccountAnnotations");
  if (has_any && !api_version.ends_with("/v1"))
    refuse(api_version + " has no service account fields, but the request has one");
  if (!annotations.is_null() && !annotations.is_object())
    refuse("serviceAccountAnnotations of the CredentialProviderRequest is not an object");
  if (!json.contains("serviceAccountToken")) return {};
  // Not treated as missing: the node's identity would then be used instead of the pod's.
  if (!value.is_string() || value.get_ref<const std::string&>().empty())
    refuse("serviceAccountToken of the CredentialProviderRequest is not a token in a string");
  return base::Secret{value.get_ref<const std::string&>()};
}

}  // namespace

KubeletRequest KubeletRequest::parse(std::string_view text) {
  const auto json = parse_object(text);
  if (required_text(json, "kind") != "CredentialProviderRequest")
    refuse("the kind of the JSON on standard input is not CredentialProviderRequest");
  KubeletRequest request;
  request.api_version = checked_api_version(json);
  request.image = required_text(json, "image");
  request.host = host_in(request.image);
  request.service_account_token = token_in(json, request.api_version);
  for (const auto& [key, value] : base::member(json, "serviceAccountAnnotations").items()) {
    if (!value.is_string()) refuse("an annotation in the CredentialProviderRequest is not a string");
    request.annotations.emplace(key, value.get<std::string>());
  }
  return request;
}

base::Secret kubelet_response(const KubeletRequest& request, const token::RegistryToken& token,
                              base::TimePoint now) {
  constexpr std::chrono::seconds max_duration = std::chrono::minutes{25};
  const std::chrono::seconds half = (token.expires_at - now) / 2;
  const auto duration = std::clamp(half, std::chrono::seconds::zero(), max_duration);
  const auto credential = token.credential_for(request.host, now);
  const base::OrderedJson json = {
      {"kind", "CredentialProviderResponse"},
      {"apiVersion", request.api_version},
      {"cacheKeyType", "Registry"},
      {"cacheDuration", std::to_string(duration.count()) + "s"},
      {"auth",
       {{request.host,
         {{"username", credential.username}, {"password", std::string{credential.secret.reveal()}}}}}}};
  return base::Secret{base::dump_json(json) + '\n'};
}

}  // namespace helper
