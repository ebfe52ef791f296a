// SPDX-License-Identifier: Apache-2.0
#include "snowflake/auth/redirect_address.hpp"

#include "base/error.hpp"
#include "base/loopback.hpp"
#include "base/text.hpp"
#include "net/url.hpp"

namespace snowflake {

RedirectAddress::RedirectAddress(const std::string& configured) {
  const std::string text = configured.empty() ? "http://127.0.0.1" : configured;
  const auto parts = net::parse_url(text);
  const auto scheme_end = text.find("://");
  if ((parts.scheme != "http" && parts.scheme != "https") || scheme_end == std::string::npos ||
      text.find('#') != std::string::npos) {
    throw base::Error(base::Kind::config,
                      "oauth_redirect_uri of the connection is no web address: " + base::printable(text, 200),
                      "write oauth_redirect_uri = \"http://127.0.0.1\", or as the provider knows it");
  }
  is_here_ = base::is_loopback(parts.host);
  const auto host_end = std::min(text.find_first_of("/?", scheme_end + 3), text.size());
  const auto colon = text.rfind(':', host_end - 1);
  const bool has_port = colon > scheme_end && text.find(']', colon) >= host_end;
  before_port_ = text.substr(0, has_port ? colon : host_end);
  after_port_ = text.substr(host_end);
  if (has_port) port_ = parts.port;
}

std::string RedirectAddress::path() const {
  const auto path = after_port_.substr(0, after_port_.find('?'));
  return path.empty() ? "/" : path;
}

std::string RedirectAddress::uri(int port) const {
  const int told = is_here_ ? port : port_;
  return before_port_ + (told == 0 ? "" : ":" + std::to_string(told)) + after_port_;
}

}  // namespace snowflake
