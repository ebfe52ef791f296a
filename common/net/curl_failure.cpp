// SPDX-License-Identifier: Apache-2.0
#include "net/curl_failure.hpp"

#include "base/text.hpp"

namespace net {
namespace {

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

NoAnswer refused_by_proxy(const std::string& host, int status) {
  constexpr int wants_login = 407;
  if (status == wants_login) {
    return NoAnswer(NoAnswer::Reason::final,
                    "the proxy requires a user name and a password, or refused those it was given (407)",
                    "set https_proxy to http://<user>:<password>@<proxy>");
  }
  // Errors of the proxy itself may pass.
  return NoAnswer(status < 500 ? NoAnswer::Reason::final : NoAnswer::Reason::not_sent,
                  "the proxy does not connect to " + host + " (" + std::to_string(status) + ")",
                  "allow it in the proxy, or add it to no_proxy if it can be reached directly");
}

}  // namespace

NoAnswer CurlFailure::to_error() const {
  if (by_proxy && proxy_status >= 400) return refused_by_proxy(host, proxy_status);
  const std::string message = base::printable(detail.empty() ? curl().easy_strerror(code) : detail, 300);
  const auto reason = reason_of(code, sent);
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return NoAnswer(reason, "could not resolve the host name " + host,
                      "check account in the connection, and the network");
    case CURLE_COULDNT_RESOLVE_PROXY:
      return NoAnswer(reason, "could not resolve the host name of the proxy for " + host,
                      "check https_proxy and no_proxy");
    case CURLE_COULDNT_CONNECT:
      return NoAnswer(reason,
                      "no connection to " + host + (by_proxy ? " through the proxy" : "") + ": " + message,
                      "check the network, VPN, firewall and https_proxy");
    case CURLE_OPERATION_TIMEDOUT:
      return NoAnswer(reason, host + " did not answer in time",
                      "check the network, VPN and https_proxy, and try again");
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
      return NoAnswer(reason, "the certificate of " + host + " is not trusted: " + message,
                      "behind a proxy that intercepts TLS, set SSL_CERT_FILE to the file with its "
                      "certificate authority; then "
                      "only the authorities in that file are trusted");
    case CURLE_SSL_CACERT_BADFILE:
      return NoAnswer(reason, "could not read the file of trusted certificate authorities: " + message,
                      "check SSL_CERT_FILE, SSL_CERT_DIR, REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE");
    default:
      return NoAnswer(reason, "the connection to " + host + " was interrupted: " + message, "try again");
  }
}

}  // namespace net
