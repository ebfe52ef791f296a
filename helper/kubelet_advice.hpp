// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/error.hpp"

namespace helper {

/// Where the identity of a kubelet's login comes from.
enum class IdentitySource {
  service_account,  ///< the token in the request
  node,             ///< the cloud that the node runs in
  connection,       ///< a connection file, or variables in env of the provider's entry
};

/// The error with a next step that can be taken on a node. The usual ones are for users with a terminal: they
/// name `docker snowflake` and the Snowflake CLI, which a node does not have, or values of a connection,
/// which service accounts and clouds do not have.
base::Error with_advice_for_node(const base::Error&, IdentitySource);

}  // namespace helper
