// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "snowflake/auth/authenticator.hpp"

namespace snowflake {

/// A token that the place where this runs makes for whoever runs there.
struct FoundToken {
  base::Secret jwt;
  std::string whose;  ///< "GitHub Actions"
};

/// Looks for GitHub Actions, GitLab CI, Azure Pipelines, CircleCI, Buildkite, Bitbucket Pipelines and
/// Kubernetes, each as it documents it, and asks for a token for SNOWFLAKE_AUDIENCE (else
/// snowflakecomputing.com) where one can be asked for. Absent when this is none of them. Throws `config` with
/// what has to be switched on when it is one and gives no token, and as `answer_of`.
std::optional<FoundToken> token_of_ci(const AuthContext&);

}  // namespace snowflake
