// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "context.hpp"
#include "token/registry_token.hpp"

namespace plugin {

/// Hands a registry token to 'docker login' and returns what that says. Throws `config` when Docker is not
/// installed, or does not take it.
std::string docker_login(const std::string& host, const token::RegistryToken&, Context&);

}  // namespace plugin
