// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/environment.hpp"
#include "config/connection.hpp"
#include "docker/registry_host.hpp"
#include "kubelet_request.hpp"
#include "token/token_store.hpp"

namespace helper {

/// As whom a node logs in for one image.
struct KubeletIdentity {
  docker::RegistryHost host;
  config::Connection connection;
  /// Of the registry token in the node's cache: account, user, role, and a digest of everything else that
  /// makes this identity another than the next one. Of a service account that is the issuer, the subject, the
  /// audience and the key that signed, so that no other service account, and no other cluster on the same
  /// machine, is ever given its token.
  token::StoreKey key;
  std::string who;  ///< "the service account ... of the issuer ..."; empty when the connection says it all
  bool finds_cloud = false;  ///< the cloud that this node runs in is still to be found
};

/// Whose identity a request is answered with: the service account's if the request has its token; else the
/// node's in the cloud that SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER names (AWS, AZURE, GCP); else the connection
/// that `config_file`, SNOWFLAKE_HOME or SNOWFLAKE_ACCOUNT name; else the node's in the cloud that it runs
/// in. One is chosen; when Snowflake refuses it, no other is tried. Does not use the network.
///
/// Throws `not_found` for an image of another registry, and `config` for a connection that is not sound: its
/// files must belong to root and be closed to everybody else.
KubeletIdentity choose_kubelet_identity(const KubeletRequest&,
                                        const std::optional<std::filesystem::path>& config_file,
                                        const base::Environment&);

}  // namespace helper
