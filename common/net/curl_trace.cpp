// SPDX-License-Identifier: Apache-2.0
#include "net/curl_trace.hpp"

#include <array>
#include <ctime>

#include "base/text.hpp"
#include "net/openssl.hpp"

namespace net {
namespace {

std::string name_part(X509_NAME* name, int part) {
  std::array<char, 256> text{};
  const auto& library = openssl_tls();
  return library.name_get_text_by_nid(name, part, text.data(), static_cast<int>(text.size())) > 0
             ? text.data()
             : "";
}

std::string display_name(X509_NAME* name) {
  const std::string organization = name_part(name, NID_organizationName);
  const std::string common = name_part(name, NID_commonName);
  const bool both = !organization.empty() && !common.empty() && organization != common;
  return base::printable(both             ? common + " (" + organization + ")"
                         : common.empty() ? organization
                                          : common,
                         150);
}

std::string day_of(const ASN1_TIME* time) {
  std::tm parts{};
  std::array<char, 16> text{};
  if (openssl_tls().asn1_time_to_tm(time, &parts) != 1) return {};
  return std::strftime(text.data(), text.size(), "%Y-%m-%d", &parts) > 0 ? text.data() : "";
}

/// The functions loaded here must not be used with the structures of a different version.
bool libcurl_uses_our_openssl() {
  const auto* info = curl().version_info(CURLVERSION_NOW);
  return info->ssl_version != nullptr && std::string_view{info->ssl_version}.starts_with("OpenSSL/3.");
}

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
    : easy_(easy), trace_(trace) {
  trace_ = {};
  if (libcurl_uses_our_openssl()) {
    curl().easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, &CurlTrace::watch_verification);
    curl().easy_setopt(easy, CURLOPT_SSL_CTX_DATA, this);
  }
  if (!proxy.applies_to(url)) return;
  trace_.proxy = proxy.host_and_port();
  trace_.proxy_variable = proxy.variable;
}

int CurlTrace::watch_verification(void*, void* tls, void* self) {
  static_cast<CurlTrace*>(self)->tls_began_ = true;
  // Without a callback, OpenSSL calls only X509_verify_cert.
  const auto check = [](X509_STORE_CTX* checked, void* context) {
    const int passed = openssl_tls().verify_cert(checked);
    static_cast<CurlTrace*>(context)->record_certificate(checked);
    return passed;
  };
  openssl_tls().set_cert_verify_callback(static_cast<SSL_CTX*>(tls), check, self);
  return CURLE_OK;
}

void CurlTrace::record_certificate(void* checked) {
  auto* context = static_cast<X509_STORE_CTX*>(checked);
  const auto& library = openssl_tls();
  verdict_ = library.store_ctx_get_error(context);
  const X509* certificate = library.store_ctx_get0_cert(context);
  if (certificate == nullptr) return;
  trace_.issuer = display_name(library.get_issuer_name(certificate));
  trace_.expires = day_of(library.get0_not_after(certificate));
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
  trace_.failed_step = step_of(code);
  trace_.message = base::printable(detail.empty() ? curl().easy_strerror(code) : detail, 200);
}

Trace::Step CurlTrace::step_of(CURLcode code) const {
  using enum Trace::Step;
  const bool by_proxy = !trace_.proxy.empty();
  if (code == CURLE_COULDNT_RESOLVE_PROXY) return proxy;
  if (code == CURLE_COULDNT_RESOLVE_HOST) return name;
  if (code == CURLE_COULDNT_CONNECT) return by_proxy ? proxy : connection;
  if (is_about_certificates(code) || code == CURLE_SSL_CACERT_BADFILE) return tls;
  if (microseconds(easy_, CURLINFO_APPCONNECT_TIME_T) > 0) return answer;
  if (tls_began_) return tls;
  if (by_proxy && trace_.proxy_status / 100 != 2) return proxy;
  if (microseconds(easy_, CURLINFO_CONNECT_TIME_T) > 0) return tls;
  return microseconds(easy_, CURLINFO_NAMELOOKUP_TIME_T) > 0 ? connection : name;
}

Trace::Trust CurlTrace::trust_after(CURLcode code) const {
  using enum Trace::Trust;
  if (code == CURLE_OK) return trusted;
  if (!is_about_certificates(code)) return unknown;
  long verdict = verdict_;
  if (trace_.issuer.empty()) curl().easy_getinfo(easy_, CURLINFO_SSL_VERIFYRESULT, &verdict);
  switch (verdict) {
    case X509_V_OK:
      return other_host;  // the chain is valid, so the name is not
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
