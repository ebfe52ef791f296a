// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "base/error.hpp"
#include "config/connection.hpp"
#include "docker/registry.hpp"
#include "kubelet_request.hpp"
#include "token/token_cache.hpp"

namespace helper {

/// Where the identity of a kubelet's login comes from.
enum class IdentitySource {
  service_account,  ///< the token in the request
  node,             ///< the cloud that the node runs in
  connection,       ///< a connection file, or variables in env of the provider's entry
};

/// The identity with which a node logs in to pull one image.
struct KubeletIdentity {
  docker::RegistryHost host;
  config::Connection connection;
  /// The key of the registry token in the node's cache: account, user, role, and a digest of everything else
  /// that distinguishes this identity. For a service account, that is its issuer, subject, audience and
  /// signing key, so that its token is not used for another service account, or for another cluster on the
  /// same machine.
  token::StoreKey key;
  IdentitySource source;
  std::string who;  ///< for messages: "this node's own identity"; empty for a connection
};

/// Chooses the first identity that applies. When Snowflake refuses it, no other is tried.
///
/// 1. the service account, if the request has its token
/// 2. the node's identity in the cloud SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER: AWS, AZURE or GCP
/// 3. the connection from `config_file`, SNOWFLAKE_HOME or SNOWFLAKE_ACCOUNT
/// 4. the node's identity in the cloud that it runs in
///
/// Does not use the network. Throws `not_found` for an image from another registry, and `config` for a
/// connection that is not valid, or whose files belong to, or may be opened by, other users.
KubeletIdentity choose_kubelet_identity(const KubeletRequest&,
                                        const std::optional<std::filesystem::path>& config_file,
                                        const base::Environment&);

/// The error with a next step that works on a node. The usual ones are for users at a terminal: they name
/// `docker snowflake` and the Snowflake CLI, which a node does not have, or values of a connection, which
/// service accounts and clouds do not have.
base::Error with_advice_for_node(const base::Error&, IdentitySource);

// kubelet_login.cpp

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
