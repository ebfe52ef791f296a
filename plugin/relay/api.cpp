// SPDX-License-Identifier: Apache-2.0
#include "relay/api.hpp"

#include "base/text.hpp"

namespace plugin::relay {
namespace {

std::string upload_path(const std::string& path, const std::string& id) {
  return "/v2/" + path + "/blobs/uploads/" + id;
}

}  // namespace

Answer error_answer(int status, const std::string& code, const std::string& message) {
  const base::Json error{{"code", code}, {"message", message}};
  const base::Json json{{"errors", base::Json::array({error})}};
  return {status, {{"Content-Type", "application/json"}}, base::dump_json(json)};
}

Answer json_answer(const base::Json& json) {
  return {200, {{"Content-Type", "application/json"}}, json.dump()};
}

std::string value_of(const std::map<std::string, std::string>& values, const std::string& name) {
  const auto found = values.find(name);
  return found == values.end() ? "" : found->second;
}

std::optional<Route> route_of(const std::string& path) {
  auto parts = base::split(path, '/');
  // "", "v2", database, schema, repository, image..., kind, which
  if (parts.size() < 8 || parts[1] != "v2") return std::nullopt;
  const auto join = [&](std::size_t from_end) {
    return base::join({parts.begin() + 2, parts.end() - static_cast<std::ptrdiff_t>(from_end)}, "/");
  };
  const auto& last = parts.back();
  const auto& before = parts[parts.size() - 2];
  if (before == "uploads" && parts.size() > 8 && parts[parts.size() - 3] == "blobs")
    return Route{join(3), "uploads", last};
  if (before == "blobs" || before == "manifests" || before == "tags") return Route{join(2), before, last};
  return std::nullopt;
}

Answer upload_answer(int status, const std::string& path, const std::string& id, std::uint64_t size) {
  return {status,
          {{"Location", upload_path(path, id)},
           {"Docker-Upload-UUID", id},
           {"Range", "0-" + std::to_string(size == 0 ? 0 : size - 1)}}};
}

Answer stored_answer(const std::string& path, const std::string& kind, const std::string& digest) {
  return {201, {{"Location", "/v2/" + path + "/" + kind + "/" + digest}, {"Docker-Content-Digest", digest}}};
}

}  // namespace plugin::relay
