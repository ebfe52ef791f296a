// SPDX-License-Identifier: Apache-2.0
// The endpoints of a registry that the relay serves (distribution specification, "Endpoints").
#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "net/crypto.hpp"
#include "net/url.hpp"
#include "relay/blob_download.hpp"
#include "relay/relay.hpp"

namespace plugin::relay {
namespace {

using base::Error;
using base::Kind;

constexpr std::size_t max_manifest = 8U << 20;

/// The parts of a path below /v2/.
struct Route {
  std::string path;   ///< the image name, database/schema/repository/image
  std::string kind;   ///< manifests, blobs, uploads, tags
  std::string which;  ///< a reference, a digest, or the ID of an upload
};

/// Whether a text is a valid image name, and so may be a part of a URL or a scope.
bool is_image_name(std::string_view text) {
  for (const auto& part : base::split(text, '/')) {
    if (part.empty() || part.find_first_not_of('.') == std::string::npos) return false;
    const bool is_name = std::ranges::all_of(part, [](char c) {
      return base::is_alphanumeric(c) || c == '.' || c == '_' || c == '-' || c == '$';
    });
    if (!is_name) return false;
  }
  return true;
}

/// Absent for a path whose image name is not valid, or does not begin with database, schema and repository.
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

Response json_response(const base::Json& json) {
  return {200, {{"Content-Type", "application/json"}}, json.dump()};
}

/// The state of an upload that has `size` bytes.
Response upload_response(int status, const std::string& path, const std::string& id, std::uint64_t size) {
  return {status,
          {{"Location", "/v2/" + path + "/blobs/uploads/" + id},
           {"Docker-Upload-UUID", id},
           {"Range", "0-" + std::to_string(size == 0 ? 0 : size - 1)}}};
}

/// For a stored blob or manifest. `kind`: blobs, or manifests.
Response stored_response(const std::string& path, const std::string& kind, const std::string& digest) {
  return {201, {{"Location", "/v2/" + path + "/" + kind + "/" + digest}, {"Docker-Content-Digest", digest}}};
}

Response not_supported(const Request& request) {
  return error_response(405, "UNSUPPORTED",
                        request.method == "DELETE"
                            ? "the relay does not delete anything"
                            : "the relay does not support " + request.method + " here");
}

void require_reference(const std::string& reference, int status, const char* code) {
  if (registry::is_digest(reference) || registry::is_tag(reference)) return;
  throw ClientError(status, code, "'" + base::printable(reference, 200) + "' is neither a tag nor a digest");
}

}  // namespace

/// A request whose body, if it has one, is small: everything but the bytes of blobs.
class Relay::SmallRequest final : public Exchange {
public:
  SmallRequest(Relay& relay, Request request) : relay_(relay), request_(std::move(request)) {}
  void add_body(std::string_view piece) override {
    // A client that sends a blob with POST is told to send it again (distribution specification, "POST then
    // PUT").
    if (request_.method == "POST") return;
    if (body_.size() + piece.size() > max_manifest)
      throw ClientError(413, "MANIFEST_INVALID", "the body of the request is too large");
    body_ += piece;
  }
  Response respond() override { return relay_.respond(request_, body_); }

private:
  Relay& relay_;
  Request request_;
  std::string body_;
};

/// A request with bytes of a blob: PATCH, or the PUT that ends an upload.
class Relay::UploadRequest final : public Exchange {
public:
  UploadRequest(Relay& relay, Request request, Route route)
      : relay_(relay),
        request_(std::move(request)),
        route_(std::move(route)),
        blob_(relay.find_upload(route_.which)) {
    // If it is out of order, the bytes are discarded, and the response says how many have arrived.
    const auto range = request_.header("content-range");
    is_out_of_order_ = !range.empty() && range.substr(0, range.find('-')) != std::to_string(blob_->size());
  }
  ~UploadRequest() override {
    // The client disconnected in the middle of the request; it will start a new upload.
    if (!has_responded_ && !is_out_of_order_) relay_.remove_upload(route_.which);
  }
  void add_body(std::string_view piece) override {
    if (!is_out_of_order_) blob_->add(piece);
  }
  Response respond() override {
    has_responded_ = true;
    if (is_out_of_order_) return upload_response(416, route_.path, route_.which, blob_->size());
    if (request_.method == "PATCH") return upload_response(202, route_.path, route_.which, blob_->size());
    try {
      return relay_.handle_upload(request_, route_.path, route_.which);
    } catch (...) {
      // Clients do not continue an upload that could not be completed.
      relay_.remove_upload(route_.which);
      throw;
    }
  }

private:
  Relay& relay_;
  Request request_;
  Route route_;
  std::shared_ptr<push::StreamedUpload> blob_;
  bool has_responded_ = false;
  bool is_out_of_order_ = false;
};

std::unique_ptr<Exchange> Relay::begin(const Request& request) {
  was_used_ = true;
  const auto route = route_of(request.path);
  const bool has_bytes = request.method == "PATCH" || request.method == "PUT";
  if (route && route->kind == "uploads" && has_bytes)
    return std::make_unique<UploadRequest>(*this, request, *route);
  return std::make_unique<SmallRequest>(*this, request);
}

Response Relay::respond(const Request& request, const std::string& body) {
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (reads && (request.path == "/v2/" || request.path == "/v2")) {
    auto response = json_response(base::Json::object());
    response.headers["Docker-Distribution-Api-Version"] = "registry/2.0";
    return response;
  }
  if (reads && request.path == "/v2/_catalog")
    return json_response(
        {{"repositories", options_.catalog ? options_.catalog() : std::vector<std::string>{}}});
  const auto route = route_of(request.path);
  if (!route) {
    return error_response(404, "NAME_UNKNOWN",
                          "images are named database/schema/repository/image at " + options_.host);
  }
  if (route->kind == "tags" && route->which == "list" && reads) return get_tags(request, route->path);
  if (route->kind == "manifests" && reads) return get_manifest(route->path, route->which);
  if (route->kind == "manifests" && request.method == "PUT")
    return put_manifest(request, route->path, route->which, body);
  if (route->kind == "blobs" && reads) return get_blob(request, route->path, route->which);
  if ((route->kind == "blobs" || route->kind == "uploads") && request.method == "POST")
    return start_upload(request, route->path);
  if (route->kind == "uploads") return handle_upload(request, route->path, route->which);
  return not_supported(request);
}

Response Relay::get_tags(const Request& request, const std::string& path) {
  std::optional<std::size_t> max_count;
  if (const auto n = request.query.find("n"); n != request.query.end()) {
    const auto number = base::whole_number(n->second);
    if (!number || *number < 0)
      return error_response(400, "PAGINATION_NUMBER_INVALID", "n is a number of tags");
    max_count = static_cast<std::size_t>(*number);
  }
  const auto list = image_client(path)->tags(max_count, request.parameter("last"));
  if (!list) return error_response(404, "NAME_UNKNOWN", "the registry lists no tags of this image");
  auto response = json_response({{"name", path}, {"tags", list->tags}});
  if (list->has_more && !list->tags.empty()) {
    response.headers["Link"] = "</v2/" + path + "/tags/list?n=" + std::to_string(*max_count) +
                               "&last=" + net::percent_encode(list->tags.back()) + ">; rel=\"next\"";
  }
  return response;
}

Response Relay::get_manifest(const std::string& path, const std::string& reference) {
  require_reference(reference, 404, "MANIFEST_UNKNOWN");
  const auto manifest = image_client(path)->manifest(reference);
  if (!manifest) return error_response(404, "MANIFEST_UNKNOWN", "no such manifest");
  return {200,
          {{"Content-Type", manifest->media_type}, {"Docker-Content-Digest", manifest->digest}},
          manifest->bytes};
}

Response Relay::put_manifest(const Request& request, const std::string& path, const std::string& reference,
                             const std::string& body) {
  require_reference(reference, 400, "MANIFEST_INVALID");
  const auto type = request.header("content-type");
  if (!registry::is_media_type(type))
    return error_response(400, "MANIFEST_INVALID", "the Content-Type of a manifest is its media type");
  const bool is_digest = registry::is_digest(reference);
  const auto digest = registry::digest_of(body);
  if (is_digest && digest != reference)
    return error_response(400, "DIGEST_INVALID", "the manifest does not have the digest " + reference);
  image_client(path)->put_manifest(reference, {body, type, digest});
  report("Pushed " + path + (is_digest ? "@" : ":") + reference);
  return stored_response(path, "manifests", digest);
}

Response Relay::get_blob(const Request& request, const std::string& path, const std::string& digest) {
  if (!registry::is_digest(digest)) return error_response(400, "DIGEST_INVALID", "not a sha256 digest");
  auto registry = image_client(path);
  if (!registry->has_blob(digest)) {
    if (const auto status = registry->last_response().status; status != 404) {
      return error_response(403, "DENIED",
                            "the registry refuses to read the blob: HTTP status " + std::to_string(status));
    }
    return error_response(404, "BLOB_UNKNOWN", "no such blob");
  }
  const auto size = base::whole_number(registry->last_response().header("content-length"));
  if (!size || *size < 0)
    throw Error(Kind::network, "the registry does not say how large the blob " + digest + " is");
  Response response{200, {{"Content-Type", "application/octet-stream"}, {"Docker-Content-Digest", digest}}};
  response.stream_size = static_cast<std::uint64_t>(*size);
  if (request.method == "HEAD") {
    response.stream = [](char*, std::size_t) -> std::size_t { return 0; };
    return response;
  }
  const auto stream = std::make_shared<BlobDownload>(std::move(registry), digest, response.stream_size);
  response.stream = [stream](char* buffer, std::size_t max_size) { return stream->next(buffer, max_size); };
  return response;
}

Response Relay::start_upload(const Request& request, const std::string& path) {
  const auto mounted = request.parameter("mount");
  const auto from = request.parameter("from");
  if (registry::is_digest(mounted)) {
    if (image_client(path)->has_blob(mounted)) return stored_response(path, "blobs", mounted);
    if (is_image_name(from) && image_client(path, from)->mount_blob(mounted, from))
      return stored_response(path, "blobs", mounted);
  }
  const auto id = net::random_uuid();
  auto blob = std::make_shared<push::StreamedUpload>(environment_, uploads_, image_client(path));
  const std::lock_guard lock{mutex_};
  open_uploads_[id] = std::move(blob);
  return upload_response(202, path, id, 0);
}

Response Relay::handle_upload(const Request& request, const std::string& path, const std::string& id) {
  const auto blob = find_upload(id);
  if (request.method == "GET" || request.method == "HEAD")
    return upload_response(204, path, id, blob->size());
  if (request.method == "DELETE") {
    remove_upload(id);
    return {204};
  }
  const auto digest = request.parameter("digest");
  if (request.method != "PUT" || !registry::is_digest(digest))
    return error_response(400, "DIGEST_INVALID", "an upload ends with PUT and a sha256 digest");
  if (blob->end() != digest)
    throw ClientError(400, "DIGEST_INVALID", "the bytes that were sent do not have the digest " + digest);
  blob->store();
  remove_upload(id);
  return stored_response(path, "blobs", digest);
}

}  // namespace plugin::relay
