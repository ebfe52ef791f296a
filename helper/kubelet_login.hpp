// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "kubelet_identity.hpp"
#include "token/registry_token.hpp"

namespace helper {

/// A registry token for an identity: from the node's cache in the kernel keyring while at least half of its
/// life is left, else from a login. However many images are pulled at once, one process logs in for each
/// identity and the others get its token; a keyring that does not work only costs logins. Nothing but the
/// registry token is stored: no session, and never the service account's token.
///
/// Of a token that is not in the cache at all the login waits up to two seconds, at random: when a cluster
/// starts, every node asks at the same moment. Throws `denied`, `config` and `network`; for a service account
/// the error names its issuer and subject and has no part of its token in it.
token::RegistryToken kubelet_token(const KubeletIdentity&, const base::Environment&, const base::Deadline&,
                                   base::Clock&);

}  // namespace helper
