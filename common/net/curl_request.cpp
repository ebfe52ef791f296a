// SPDX-License-Identifier: Apache-2.0
#include "net/curl_request.hpp"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

namespace net {
namespace {

constexpr std::chrono::milliseconds connect_timeout{10'000};

NoAnswer::Reason reason_of(CURLcode code, bool sent) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return sent ? NoAnswer::Reason::too_slow : NoAnswer::Reason::cut_off;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
      return NoAnswer::Reason::not_sent;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_WRITE_ERROR:
      return NoAnswer::Reason::final;
    default:
      return NoAnswer::Reason::cut_off;
  }
}

NoAnswer refused_by_proxy(const ProxyChoice& proxy, const std::string& host, int status) {
  constexpr int wants_login = 407;
  if (status == wants_login) {
    return NoAnswer(
        NoAnswer::Reason::final,
        proxy.description() + " requires a user name and a password, or rejected the ones given (407)",
        proxy.variable == proxy_of_connection
            ? base::NextStep{"set proxy_user and proxy_password in the connection", base::Needs::connection}
            : "set " + proxy.variable + " to http://<user>:<password>@" + proxy.host_and_port());
  }
  // Errors of the proxy itself may be temporary.
  return NoAnswer(status < 500 ? NoAnswer::Reason::final : NoAnswer::Reason::not_sent,
                  proxy.description() + " does not connect to " + host + " (" + std::to_string(status) + ")",
                  "allow it in the proxy, or add it to no_proxy if it can be reached directly");
}

/// Whether this process is running out of file descriptors, which resolvers and TLS libraries report as other
/// errors. They have closed theirs by now, so a few may be free.
bool out_of_descriptors() {
  std::array<base::Descriptor, 8> probes;
  return !std::ranges::all_of(probes, [](base::Descriptor& probe) {
    probe = base::Descriptor{open("/dev/null", O_RDONLY | O_CLOEXEC)};
    return probe.is_open() || (errno != EMFILE && errno != ENFILE);
  });
}

/// Whether the answer was neither TLS nor HTTP, or in a compression that was not requested.
bool is_other_server(CURLcode code, std::string_view message) {
  return code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_WEIRD_SERVER_REPLY ||
         code == CURLE_BAD_CONTENT_ENCODING ||
         (code == CURLE_SSL_CONNECT_ERROR && message.find("wrong version number") != std::string_view::npos);
}

/// libcurl before 7.85, as in Ubuntu 22.04 and RHEL 9, has only the older form of this option.
void allow_only_http(void* easy) {
  if (curl().easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK) return;
  // CURLOPT_PROTOCOLS by its number, because newer headers deprecate the name.
  constexpr auto protocols = static_cast<CURLoption>(CURLOPTTYPE_LONG + 181);
  set(easy, protocols, long{CURLPROTO_HTTP | CURLPROTO_HTTPS});
}

}  // namespace

void check_option(CURLcode code) {
  if (code == CURLE_OK) return;
  throw base::Error(base::Kind::config,
                    "libcurl does not support a required option: " + std::string{curl().easy_strerror(code)},
                    "install libcurl 7.76 or newer");
}

TextList header_list(const std::vector<std::pair<std::string, std::string>>& headers,
                     const base::Secret& authorization) {
  TextList list{nullptr, curl().slist_free_all};
  const auto add = [&](const std::string& name, std::string_view value) {
    if (base::has_control_characters(name) || base::has_control_characters(value) ||
        name.find(':') != std::string::npos) {
      throw NoAnswer(
          NoAnswer::Reason::final,
          "the header '" + base::printable(name, 100) + "' contains control characters",
          {"check the tokens and passwords of the connection for newlines", base::Needs::connection});
    }
    const auto line = base::Secret::join({name, ": ", value, std::string_view{"\0", 1}});
    curl_slist* longer = curl().slist_append(list.get(), line.reveal().data());
    if (longer == nullptr) throw base::Error(base::Kind::internal, "no memory for a request");
    if (list == nullptr) list.reset(longer);
  };
  for (const auto& [name, value] : headers) add(name, value);
  if (!authorization.empty()) add("Authorization", authorization.reveal());
  return list;
}

void set_common_options(void* easy, std::chrono::milliseconds timeout) {
  allow_only_http(easy);
  set(easy, CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  set(easy, CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::min(connect_timeout, timeout).count()));
  set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  // At a timeout, do not wait for libcurl's resolver thread, which cannot be stopped. libcurl before 7.87
  // does not have this option, and waits.
  curl().easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
}

NoAnswer failure_of(void* easy, CURLcode code, const std::string& message, const UrlParts& url,
                    const ProxyChoice& proxy) {
  // Not CURLINFO_REQUEST_SIZE, which includes the CONNECT request to a proxy.
  curl_off_t ready_to_send = 0;
  curl().easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &ready_to_send);
  // Once an answer has begun, the server is not waiting for the user's approval.
  curl_off_t first_byte = 0;
  curl().easy_getinfo(easy, CURLINFO_STARTTRANSFER_TIME_T, &first_byte);
  long proxy_status = 0;
  curl().easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
  return CurlFailure{code,
                     message,
                     url.host,
                     ready_to_send > 0 && first_byte == 0,
                     proxy.applies_to(url) ? proxy : ProxyChoice{},
                     static_cast<int>(proxy_status)}
      .to_error();
}

int status_of(void* easy) {
  long status = 0;
  curl().easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

NoAnswer CurlFailure::to_error() const {
  const bool by_proxy = !proxy.url.empty();
  if (by_proxy && proxy_status >= 400) return refused_by_proxy(proxy, host, proxy_status);
  const std::string message = base::printable(detail.empty() ? curl().easy_strerror(code) : detail, 300);
  const auto reason = reason_of(code, sent);
  if (out_of_descriptors()) {
    return NoAnswer(reason, "could not connect to " + host + ": too many files are open",
                    "raise the limit (ulimit -n), or end programs that hold files open");
  }
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return NoAnswer(
          reason, "could not resolve the host name " + host,
          base::NextStep{"check account and host in the connection, and the network", base::Needs::connection}
              .about({"host", "region"}));
    case CURLE_COULDNT_RESOLVE_PROXY:
      return NoAnswer(reason, "could not resolve the host name of " + proxy.description(),
                      proxy.has_unencoded_login() ? "in the user and password of " + proxy.variable +
                                                        ", write %2F for /, %3F for ? and %23 for #"
                                                  : "check " + proxy.variable + " and no_proxy");
    case CURLE_COULDNT_CONNECT:
      return NoAnswer(
          reason,
          "could not connect to " + host + (by_proxy ? " through " + proxy.description() : "") + ": " +
              message,
          by_proxy ? "check " + proxy.variable + " and no_proxy, and whether the proxy is running"
                   : "check the network, VPN and firewall, and whether a proxy is needed (https_proxy)");
    case CURLE_OPERATION_TIMEDOUT:
      return NoAnswer(reason, host + " did not answer in time",
                      "check the network, VPN, firewall and proxy, and try again");
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
      if (message.find("not yet valid") != std::string::npos ||
          message.find("has expired") != std::string::npos)
        return NoAnswer(reason, "the certificate of " + host + " is not trusted: " + message,
                        "check the date and time of this machine: date");
      return NoAnswer(reason, "the certificate of " + host + " is not trusted: " + message,
                      "behind a proxy that intercepts TLS, set SSL_CERT_FILE to the file with its "
                      "certificate authority; then only the authorities in that file are trusted");
    case CURLE_SSL_CACERT_BADFILE:
      return NoAnswer(reason, "could not read the file of trusted certificate authorities: " + message,
                      "check SSL_CERT_FILE, SSL_CERT_DIR, REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE");
    default:
      return NoAnswer(
          reason, "the connection to " + host + " was interrupted: " + message,
          is_other_server(code, message)
              ? "check host and port of the connection, and the proxy: another server may answer there"
              : "try again");
  }
}

}  // namespace net
