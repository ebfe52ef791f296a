// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/secret.hpp"
#include "net/http.hpp"
#include "net/url.hpp"
#include "snowflake/auth/authenticator.hpp"

namespace snowflake {

/// A platform's statement about the identity of the program that runs on it (`snowflake/PROTOCOL.md` 3.8).
struct Attestation {
  base::Secret token;
  /// The identity that must be assigned to a Snowflake user. Empty for a signed request to AWS: it contains
  /// only a key id, and only AWS knows the identity behind it.
  std::string issuer = {};
  std::string subject = {};
};

/// The audience of attestations.
inline constexpr const char* snowflake_audience = "snowflakecomputing.com";

/// The platforms, one per file. They throw `config` when the program does not run on the platform, the
/// connection does not match it, or one of its services refuses, and `network` when a service does not
/// answer.
Attestation attest_on_aws(const AuthContext&);
Attestation attest_on_azure(const AuthContext&);
Attestation attest_on_gcp(const AuthContext&);
Attestation attest_with_oidc(const AuthContext&);
/// Whether `attest_with_oidc` may request the token from the CI system, rather than read it.
bool requests_token_from_ci(const base::Environment&);

/// An attestation from an OpenID Connect token. `whose` is the issuer's name for messages. Throws `config`
/// when it is not a JWT, or has no `iss` or no `sub`.
Attestation attestation_of_jwt(const base::Secret& jwt, const std::string& whose);

/// `workload_identity_impersonation_path`: the identities of an impersonation chain, as a list or separated
/// by commas.
std::vector<std::string> impersonation_path(const config::Connection&);

/// A service of a platform, for error messages.
struct Service {
  std::string name;  ///< as the subject of a sentence: "the metadata service of AWS"
  std::string hint;  ///< what to do when it fails
};

/// A request to the machine's metadata service. If there is one, it answers quickly: the timeout is short,
/// and the request is retried only after an answer.
net::HttpRequest metadata_request(std::string url);
/// A GET request to a service over TLS.
net::HttpRequest service_request(std::string url);
/// A POST request with a form in the body.
net::HttpRequest form_request(std::string url, const net::Form&);

/// The body of an answer with HTTP status 200. Throws `network` when there is no answer, and `config` with
/// the service's own message when it refuses.
base::Secret answer_of(net::HttpClient&, const net::HttpRequest&, const Service&);
/// The string `field` in the JSON body of such an answer. Throws `network` also when it is missing.
base::Secret answer_of(net::HttpClient&, const net::HttpRequest&, const Service&, const char* field);

}  // namespace snowflake
