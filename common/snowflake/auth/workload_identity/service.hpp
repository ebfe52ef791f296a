// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/secret.hpp"
#include "net/http.hpp"

namespace snowflake {

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
