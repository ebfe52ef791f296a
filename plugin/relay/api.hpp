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

/// The registry's API as the relay speaks it: what a path means, and the usual answers (distribution
/// specification, "API" and "Error codes").
namespace plugin::relay {

/// Where a path below /v2/ leads: the name of an image, what of it, and which one.
struct Route {
  std::string path;
  std::string kind;  ///< manifests, blobs, uploads, tags
  std::string which;
};

/// Absent for a path without the three names that every image name at Snowflake begins with, or with
/// characters that no image name has.
std::optional<Route> route_of(const std::string& path);
/// Whether a text can be an image name, so that it may be a part of a URL or of a scope.
bool is_image_name(std::string_view text);

/// The value of a header or a parameter; empty for none.
std::string value_of(const std::map<std::string, std::string>& values, const std::string& name);

Answer error_answer(int status, const std::string& code, const std::string& message);

/// A client's own mistake, with the answer that it gets.
class ClientError final : public std::exception {
public:
  ClientError(int status, const std::string& code, const std::string& message)
      : answer_(error_answer(status, code, message)) {}
  const char* what() const noexcept override { return answer_.body.c_str(); }
  const Answer& answer() const noexcept { return answer_; }

private:
  Answer answer_;
};

Answer json_answer(const base::Json&);
/// How far an upload is: `size` bytes are there.
Answer upload_answer(int status, const std::string& path, const std::string& id, std::uint64_t size);
/// A blob or a manifest is stored. `kind`: blobs, or manifests.
Answer stored_answer(const std::string& path, const std::string& kind, const std::string& digest);

}  // namespace plugin::relay
