// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "token/token_cache.hpp"

namespace helper {

/// The request of a kubelet to an image credential provider (`CredentialProviderRequest` of
/// k8s.io/kubelet/pkg/apis/credentialprovider, versions v1, v1beta1 and v1alpha1).
struct KubeletRequest {
  std::string api_version;  ///< as the kubelet wrote it: the response must have the same
  std::string image;        ///< repository, without tag and digest
  std::string host;         ///< of the image, exactly as received, with its port: the key in the response
  base::Secret service_account_token;                           ///< empty when the request has none
  std::map<std::string, std::string, std::less<>> annotations;  ///< of the service account

  /// Refuses anything that another program could read differently: a key that is duplicated or in the wrong
  /// case, a wrong type, and a token in an API version without tokens. Ignores unknown keys, which later
  /// kubelets may send. Throws `usage`; the message never quotes a token.
  static KubeletRequest parse(std::string_view text);
};

/// The response (`CredentialProviderResponse`), on one line: a credential for every repository of the
/// registry. The kubelet may reuse it for half of the time until it expires, at most 25 minutes, so that a
/// pull that starts at the end of that time has at least as much time left.
base::Secret kubelet_response(const KubeletRequest&, const token::RegistryToken&, base::TimePoint now);

}  // namespace helper
