// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/json.hpp"
#include "doctor/examination.hpp"
#include "net/http.hpp"

namespace plugin::doctor {

/// Where a registry has tokens made, out of its WWW-Authenticate (`docker-side.md` 7), with the service it
/// wants to be named. Empty when it says nothing of that kind.
std::string realm_in(const std::string& challenge);

/// Has a token made for `scope`, which may be empty; the header Authorization that goes with it. Throws
/// `denied` with the registry's words when it does not take ours, and `network`.
base::Secret authorization_for(const std::string& scope, Examination&);

/// One request to the registry; `path` begins with /v2/. Throws `network`.
net::HttpResponse ask_registry(const char* method, const std::string& path, const base::Secret& authorization,
                               Examination&);

/// "HTTP status 404, repository name not known to registry".
std::string words_of(const net::HttpResponse&);

}  // namespace plugin::doctor
