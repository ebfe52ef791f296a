// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/trace.hpp"

namespace net {

/// Notes who signed the certificate of a server while libcurl has it checked, which libcurl itself tells of
/// certificates that pass only. The check stays OpenSSL's own, and its verdict what it is.
class CertificateWitness {
public:
  /// For one transfer; both have to outlive it. Does nothing where libcurl uses another library than
  /// OpenSSL 3.
  CertificateWitness(void* easy, Trace& trace);

  /// X509_V_ERR_* of the last check (openssl-verification-options(1)).
  long verdict() const noexcept { return verdict_; }
  /// Somebody was connected to, and TLS began, which libcurl counts as part of connecting.
  bool tls_began() const noexcept { return tls_began_; }

private:
  static int watch(void* easy, void* tls, void* witness);
  void note(void* checked);

  Trace& trace_;
  long verdict_ = 0;
  bool tls_began_ = false;
};

}  // namespace net
