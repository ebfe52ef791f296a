// SPDX-License-Identifier: Apache-2.0
#include "docker/credential.hpp"

#include "base/error.hpp"
#include "base/json.hpp"

namespace docker {

Credential parse_credential(std::string_view json) {
  const auto parsed = base::parse_json(json);
  if (!parsed || !parsed->is_object()) {
    throw base::Error(base::Kind::usage,
                      "the input of store is not a JSON object with ServerURL, Username and Secret");
  }
  Credential credential{base::text_at(*parsed, "ServerURL").value_or(""),
                        base::text_at(*parsed, "Username").value_or(""),
                        base::Secret{base::text_at(*parsed, "Secret").value_or("")}};
  if (credential.server_url.empty()) throw base::Error(base::Kind::usage, std::string{no_server_url_text});
  if (credential.username.empty()) throw base::Error(base::Kind::usage, std::string{no_username_text});
  return credential;
}

base::Secret to_json(const Credential& credential) {
  const base::OrderedJson json = {{"ServerURL", credential.server_url},
                                  {"Username", credential.username},
                                  {"Secret", credential.secret.reveal()}};
  return base::Secret{base::dump_json(json)};
}

}  // namespace docker
