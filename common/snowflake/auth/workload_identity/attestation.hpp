// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/secret.hpp"
#include "net/http.hpp"
#include "snowflake/auth/authenticator.hpp"

namespace snowflake {

/// What a platform says about the program that runs on it (`snowflake/PROTOCOL.md` 3.8).
struct Attestation {
  base::Secret token;
  /// Who vouches, and for whom, which Snowflake has to know of a user. Empty for a signed request to AWS: it
  /// names a key, and only AWS knows whose that is.
  std::string issuer = {};
  std::string subject = {};
};

/// For whom attestations are made.
inline constexpr const char* snowflake_audience = "snowflakecomputing.com";

/// Every platform, one file each. They throw `config` when the program does not run on it, the connection is
/// wrong about it, or a service of the platform refuses, and `network` when one does not answer.
Attestation attest_on_aws(const AuthContext&);
Attestation attest_on_azure(const AuthContext&);
Attestation attest_on_gcp(const AuthContext&);
Attestation attest_with_oidc(const AuthContext&);

/// A token as OpenID Connect makes it. `whose` names where it comes from. Throws `config` when it is no JWT,
/// or has no `iss` and `sub`.
Attestation attestation_of_jwt(const base::Secret& jwt, const std::string& whose);

/// `workload_identity_impersonation_path`: identities that act one for another, a list or a text with commas.
std::vector<std::string> impersonation_path(const config::Connection&);

/// Somebody outside Snowflake who is asked for a part of a proof.
struct Service {
  std::string name;  ///< as a sentence begins with it: "the metadata service of AWS"
  std::string hint;  ///< what to do when it does not answer as it should
};

/// To a metadata service of the machine. It answers at once or is not there: timeout is short, and only what
/// was answered is asked again.
net::HttpRequest metadata_request(std::string url);
/// To a service over TLS.
net::HttpRequest service_request(std::string url);
/// The same, with a form in the body.
net::HttpRequest form_request(std::string url,
                              const std::vector<std::pair<std::string, std::string>>& fields);

/// The body of an answer with HTTP status 200. Throws `network` when there is none, and `config` with the
/// service's own words when it refuses.
base::Secret answer_of(net::HttpClient&, const net::HttpRequest&, const Service&);
/// The text `field` in the JSON that `answer_of` gives. Throws `network` as well when it is not there.
base::Secret answer_of(net::HttpClient&, const net::HttpRequest&, const Service&, const char* field);

}  // namespace snowflake
