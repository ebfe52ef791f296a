// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "snowflake/auth/authenticator.hpp"

/// Every way to sign in, one file each.
namespace snowflake {

std::unique_ptr<Authenticator> sign_in_with_password(const AuthContext&);
std::unique_ptr<Authenticator> sign_in_with_password_and_mfa(const AuthContext&);
std::unique_ptr<Authenticator> sign_in_with_key_pair(const AuthContext&);
std::unique_ptr<Authenticator> sign_in_with_programmatic_access_token(const AuthContext&);
std::unique_ptr<Authenticator> sign_in_with_oauth_token(const AuthContext&);
std::unique_ptr<Authenticator> sign_in_with_workload_identity(const AuthContext&);
std::unique_ptr<Authenticator> sign_in_with_okta(const AuthContext&);
/// Always throws `config`, with the way that works instead.
std::unique_ptr<Authenticator> refuse_token_with_external_session(const AuthContext&);
std::unique_ptr<Authenticator> sign_in_with_browser(const AuthContext&);
std::unique_ptr<Authenticator> sign_in_with_oauth_authorization_code(const AuthContext&);
std::unique_ptr<Authenticator> sign_in_with_oauth_client_credentials(const AuthContext&);

}  // namespace snowflake
