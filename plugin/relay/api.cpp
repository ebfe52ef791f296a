// SPDX-License-Identifier: Apache-2.0
#include "relay/api.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace plugin::relay {
namespace {

std::string upload_path(const std::string& path, const std::string& id) {
  return "/v2/" + path + "/blobs/uploads/" + id;
}

}  // namespace

Response error_response(int status, const std::string& code, const std::string& message) {
  const base::Json error{{"code", code}, {"message", message}};
  const base::Json json{{"errors", base::Json::array({error})}};
  return {status, {{"Content-Type", "application/json"}}, base::dump_json(json)};
}

Response json_response(const base::Json& json) {
  return {200, {{"Content-Type", "application/json"}}, json.dump()};
}

std::string value_of(const std::map<std::string, std::string>& values, const std::string& name) {
  const auto found = values.find(name);
  return found == values.end() ? "" : found->second;
}

bool is_image_name(std::string_view text) {
  for (const auto& part : base::split(text, '/')) {
    if (part.empty() || part.find_first_not_of('.') == std::string::npos) return false;
    const bool is_name = std::ranges::all_of(part, [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
             c == '_' || c == '-' || c == '$';
    });
    if (!is_name) return false;
  }
  return true;
}

std::optional<Route> route_of(const std::string& path) {
  auto parts = base::split(path, '/');
  // "", "v2", database, schema, repository, image..., kind, which
  if (parts.size() < 8 || parts[1] != "v2") return std::nullopt;
  const auto last = parts.back();
  const auto kind = parts[parts.size() - 2];
  parts.resize(parts.size() - 2);
  if (kind == "uploads") {
    if (parts.size() < 7 || parts.back() != "blobs") return std::nullopt;
    parts.pop_back();
  } else if (kind != "blobs" && kind != "manifests" && kind != "tags") {
    return std::nullopt;
  }
  const auto name = base::join({parts.begin() + 2, parts.end()}, "/");
  return is_image_name(name) ? std::optional{Route{name, kind, last}} : std::nullopt;
}

Response upload_response(int status, const std::string& path, const std::string& id, std::uint64_t size) {
  return {status,
          {{"Location", upload_path(path, id)},
           {"Docker-Upload-UUID", id},
           {"Range", "0-" + std::to_string(size == 0 ? 0 : size - 1)}}};
}

Response stored_response(const std::string& path, const std::string& kind, const std::string& digest) {
  return {201, {{"Location", "/v2/" + path + "/" + kind + "/" + digest}, {"Docker-Content-Digest", digest}}};
}

}  // namespace plugin::relay
