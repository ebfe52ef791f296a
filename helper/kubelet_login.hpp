// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "kubelet_identity.hpp"
#include "token/token_cache.hpp"

namespace helper {

/// A registry token for an identity: from the node's cache in the kernel keyring while at least half of its
/// lifetime is left, else from a login. When many images are pulled at once, one process logs in for each
/// identity and the others use its token. Without a working keyring, each process logs in. Only the registry
/// token is stored: neither the session nor the service account's token.
///
/// When nothing is cached, the login is delayed at random, by up to two seconds, because all nodes of a
/// cluster may start at the same time. Throws `denied`, `config` and `network`; for a service account the
/// error names its issuer and subject, and contains no part of its token.
token::RegistryToken kubelet_token(const KubeletIdentity&, const base::Environment&, const base::Deadline&,
                                   base::Clock&);

}  // namespace helper
