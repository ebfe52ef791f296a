// SPDX-License-Identifier: Apache-2.0
#include "net/curl_trace.hpp"

#include "base/text.hpp"
#include "net/openssl.hpp"

namespace net {
namespace {

bool is_about_certificates(CURLcode code) {
  return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_ISSUER_ERROR;
}

curl_off_t microseconds(void* easy, CURLINFO what) {
  curl_off_t time = 0;
  curl().easy_getinfo(easy, what, &time);
  return time;
}

}  // namespace

CurlTrace::CurlTrace(void* easy, const UrlParts& url, const ProxyChoice& proxy, Trace& trace)
    : easy_(easy), trace_(trace), witness_(easy, trace) {
  trace_ = {};
  if (!proxy.serves(url.host)) return;
  trace_.proxy = proxy.place();
  trace_.proxy_variable = proxy.variable;
}

void CurlTrace::end(CURLcode code, const std::string& detail) {
  const char* address = nullptr;
  curl().easy_getinfo(easy_, CURLINFO_PRIMARY_IP, &address);
  trace_.address = address == nullptr ? "" : address;
  long status = 0;
  curl().easy_getinfo(easy_, CURLINFO_HTTP_CONNECTCODE, &status);
  trace_.proxy_status = static_cast<int>(status);
  trace_.trust = trust_after(code);
  if (code == CURLE_OK) return;
  trace_.broken = step_of(code);
  trace_.words = base::printable(detail.empty() ? curl().easy_strerror(code) : detail, 200);
}

Trace::Step CurlTrace::step_of(CURLcode code) const {
  using enum Trace::Step;
  const bool by_proxy = !trace_.proxy.empty();
  if (code == CURLE_COULDNT_RESOLVE_PROXY) return proxy;
  if (code == CURLE_COULDNT_RESOLVE_HOST) return name;
  if (code == CURLE_COULDNT_CONNECT) return by_proxy ? proxy : connection;
  if (is_about_certificates(code) || code == CURLE_SSL_CACERT_BADFILE) return tls;
  if (microseconds(easy_, CURLINFO_APPCONNECT_TIME_T) > 0) return answer;
  if (witness_.tls_began()) return tls;
  if (by_proxy && trace_.proxy_status / 100 != 2) return proxy;
  if (microseconds(easy_, CURLINFO_CONNECT_TIME_T) > 0) return tls;
  return microseconds(easy_, CURLINFO_NAMELOOKUP_TIME_T) > 0 ? connection : name;
}

Trace::Trust CurlTrace::trust_after(CURLcode code) const {
  using enum Trace::Trust;
  if (code == CURLE_OK) return trusted;
  if (!is_about_certificates(code)) return unknown;
  long verdict = witness_.verdict();
  if (trace_.issuer.empty()) curl().easy_getinfo(easy_, CURLINFO_SSL_VERIFYRESULT, &verdict);
  switch (verdict) {
    case X509_V_OK:
      return other_host;  // the chain was in order: what is left is the name
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return expired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return not_yet_valid;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return unknown_authority;
    default:
      return refused;
  }
}

}  // namespace net
