// SPDX-License-Identifier: Apache-2.0
#include "net/proxy_choice.hpp"

#include <algorithm>

#include "base/loopback.hpp"
#include "base/text.hpp"
#include "net/metadata_service.hpp"

namespace net {
namespace {

bool bypasses_proxies(const std::string& host) {
  // Nobody's business but this machine's.
  return base::is_loopback(host) || is_metadata_service(host);
}

std::string_view after_scheme(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  return url;
}

/// User and password with the `@` that ends them.
std::string_view login_of(std::string_view url) {
  const auto rest = after_scheme(url);
  return rest.substr(0, rest.rfind('@') + 1);  // npos + 1 is none
}

}  // namespace

bool ProxyChoice::serves(std::string_view host) const {
  if (url.empty()) return false;
  std::string list = exceptions;
  std::ranges::replace(list, ' ', ',');
  for (const auto& entry : base::split(list, ',')) {
    const std::string name = base::to_lower(entry.starts_with('.') ? entry.substr(1) : entry);
    if (name.empty()) continue;
    if (name == "*" || host == name || host.ends_with("." + name)) return false;
  }
  return true;
}

std::string ProxyChoice::place() const {
  auto rest = after_scheme(url);
  rest.remove_prefix(login_of(url).size());
  return base::printable(rest.substr(0, rest.find('/')), 200);
}

std::string ProxyChoice::without_login(std::string text) const {
  const auto login = login_of(url);
  if (login.empty()) return text;
  for (auto found = text.find(login); found != std::string::npos; found = text.find(login, found))
    text.erase(found, login.size());
  return text;
}

ProxyChoice proxy_for(const base::Environment& environment, const UrlParts& url) {
  if (bypasses_proxies(url.host)) return {};
  const bool is_https = url.scheme == "https";
  // Not HTTP_PROXY: a web client's header could have set it (CVE-2016-5385).
  for (const char* name : {is_https ? "https_proxy" : "http_proxy", is_https ? "HTTPS_PROXY" : "all_proxy",
                           "all_proxy", "ALL_PROXY"}) {
    if (auto value = environment.non_empty(name))
      return {std::move(*value), name, environment.first_of({"no_proxy", "NO_PROXY"}).value_or("")};
  }
  return {};
}

}  // namespace net
