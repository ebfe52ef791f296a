// SPDX-License-Identifier: Apache-2.0
#include "net/certificate_witness.hpp"

#include <array>
#include <ctime>

#include "base/text.hpp"
#include "net/libcurl.hpp"
#include "net/openssl.hpp"

namespace net {
namespace {

std::string part_of(X509_NAME* name, int part) {
  std::array<char, 256> text{};
  const auto& library = openssl_tls();
  return library.name_get_text_by_nid(name, part, text.data(), static_cast<int>(text.size())) > 0
             ? text.data()
             : "";
}

std::string words_for(X509_NAME* name) {
  const std::string organization = part_of(name, NID_organizationName);
  const std::string common = part_of(name, NID_commonName);
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

/// Another version's structures must not meet our functions.
bool libcurl_uses_our_openssl() {
  const auto* info = curl().version_info(CURLVERSION_NOW);
  return info->ssl_version != nullptr && std::string_view{info->ssl_version}.starts_with("OpenSSL/3.");
}

}  // namespace

CertificateWitness::CertificateWitness(void* easy, Trace& trace) : trace_(trace) {
  if (!libcurl_uses_our_openssl()) return;
  curl().easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, &CertificateWitness::watch);
  curl().easy_setopt(easy, CURLOPT_SSL_CTX_DATA, this);
}

int CertificateWitness::watch(void*, void* tls, void* witness) {
  static_cast<CertificateWitness*>(witness)->tls_began_ = true;
  // What OpenSSL would do without this is X509_verify_cert, and nothing else.
  const auto check = [](X509_STORE_CTX* checked, void* context) {
    const int passed = openssl_tls().verify_cert(checked);
    static_cast<CertificateWitness*>(context)->note(checked);
    return passed;
  };
  openssl_tls().set_cert_verify_callback(static_cast<SSL_CTX*>(tls), check, witness);
  return CURLE_OK;
}

void CertificateWitness::note(void* checked) {
  auto* context = static_cast<X509_STORE_CTX*>(checked);
  const auto& library = openssl_tls();
  verdict_ = library.store_ctx_get_error(context);
  const X509* certificate = library.store_ctx_get0_cert(context);
  if (certificate == nullptr) return;
  trace_.issuer = words_for(library.get_issuer_name(certificate));
  trace_.expires = day_of(library.get0_not_after(certificate));
}

}  // namespace net
