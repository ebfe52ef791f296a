// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <exception>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/json.hpp"
#include "relay/http_server.hpp"

/// Paths and responses of a registry's API (distribution specification, "API" and "Error codes").
namespace plugin::relay {

/// The parts of a path below /v2/.
struct Route {
  std::string path;   ///< the image name, database/schema/repository/image
  std::string kind;   ///< manifests, blobs, uploads, tags
  std::string which;  ///< a reference, a digest, or the ID of an upload
};

/// Absent for a path whose image name is not valid, or does not begin with database, schema and repository.
std::optional<Route> route_of(const std::string& path);
/// Whether a text is a valid image name, and so may be a part of a URL or a scope.
bool is_image_name(std::string_view text);

/// The value of a header or a query parameter; empty when there is none.
std::string value_of(const std::map<std::string, std::string>& values, const std::string& name);

Response error_response(int status, const std::string& code, const std::string& message);

/// A client's mistake, with the response to it.
class ClientError final : public std::exception {
public:
  ClientError(int status, const std::string& code, const std::string& message)
      : response_(error_response(status, code, message)) {}
  const char* what() const noexcept override { return response_.body.c_str(); }
  const Response& response() const noexcept { return response_; }

private:
  Response response_;
};

Response json_response(const base::Json&);
/// The state of an upload that has `size` bytes.
Response upload_response(int status, const std::string& path, const std::string& id, std::uint64_t size);
/// For a stored blob or manifest. `kind`: blobs, or manifests.
Response stored_response(const std::string& path, const std::string& kind, const std::string& digest);

}  // namespace plugin::relay
