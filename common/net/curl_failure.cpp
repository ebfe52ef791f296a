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
                    "the proxy wants a user name and a password, or others than it was given (407)",
                    "write them into https_proxy: http://<user>:<password>@<proxy>");
  }
  // Trouble of the proxy's own may pass.
  return NoAnswer(status < 500 ? NoAnswer::Reason::final : NoAnswer::Reason::not_sent,
                  "the proxy does not connect to " + host + " (" + std::to_string(status) + ")",
                  "have the proxy allow it, or put it into no_proxy if it can be reached without");
}

}  // namespace

NoAnswer CurlFailure::to_error() const {
  if (by_proxy && proxy_status >= 400) return refused_by_proxy(host, proxy_status);
  const std::string words = base::printable(detail.empty() ? curl().easy_strerror(code) : detail, 300);
  const auto reason = reason_of(code, sent);
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return NoAnswer(reason, "the name " + host + " is not known to DNS",
                      "check the account's name in the connection, and the network");
    case CURLE_COULDNT_RESOLVE_PROXY:
      return NoAnswer(reason, "the name of the proxy for " + host + " is not known to DNS",
                      "check https_proxy and no_proxy");
    case CURLE_COULDNT_CONNECT:
      return NoAnswer(reason,
                      "no connection to " + host + (by_proxy ? " through the proxy" : "") + ": " + words,
                      "check the network, VPN, firewall and https_proxy");
    case CURLE_OPERATION_TIMEDOUT:
      return NoAnswer(reason, host + " did not answer in time",
                      "check the network, VPN and https_proxy, and try again");
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
      return NoAnswer(
          reason, "the certificate of " + host + " is not to be trusted: " + words,
          "behind a proxy that opens TLS, name its authority's file in SSL_CERT_FILE; where that is set, "
          "only the authorities in it count");
    case CURLE_SSL_CACERT_BADFILE:
      return NoAnswer(reason, "the file of trusted authorities cannot be read: " + words,
                      "check SSL_CERT_FILE, SSL_CERT_DIR, REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE");
    default:
      return NoAnswer(reason, "the connection to " + host + " broke: " + words, "try again");
  }
}

}  // namespace net
