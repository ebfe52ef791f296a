// SPDX-License-Identifier: Apache-2.0
#include "relay/relay.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/error.hpp"
#include "base/interruption.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "net/crypto.hpp"
#include "net/url.hpp"
#include "relay/api.hpp"
#include "relay/blob_stream.hpp"

namespace plugin::relay {
namespace {

using base::Error;
using base::Kind;
using namespace std::chrono_literals;

constexpr std::size_t max_manifest = 8U << 20;

Answer not_supported(const Request& request) {
  return error_answer(405, "UNSUPPORTED",
                      request.method == "DELETE" ? "the relay does not delete anything"
                                                 : "the relay has no use for " + request.method + " here");
}

}  // namespace

/// A request whose body, if it has one, is small: everything but the bytes of blobs.
class Relay::Call final : public Exchange {
public:
  Call(Relay& relay, Request request) : relay_(relay), request_(std::move(request)) {}
  void take(std::string_view piece) override {
    if (body_.size() + piece.size() > max_manifest)
      throw ClientError(413, "MANIFEST_INVALID", "the body of the request is too large");
    body_ += piece;
  }
  Answer answer() override { return relay_.answer(request_, body_); }

private:
  Relay& relay_;
  Request request_;
  std::string body_;
};

/// A request that brings bytes of a blob: PATCH, or the PUT that ends an upload.
class Relay::UploadRequest final : public Exchange {
public:
  UploadRequest(Relay& relay, Request request, Route route)
      : relay_(relay),
        request_(std::move(request)),
        route_(std::move(route)),
        blob_(relay.upload(route_.which)) {
    const auto range = value_of(request_.headers, "content-range");
    if (!range.empty() && range.substr(0, range.find('-')) != std::to_string(blob_->size())) {
      // Out of order: the bytes are discarded, and the answer says how many have arrived.
      is_out_of_order_ = true;
    }
  }
  ~UploadRequest() override {
    // The client disconnected in the middle of the request; it will start a new upload.
    if (!is_answered_ && !is_out_of_order_) relay_.forget_upload(route_.which);
  }
  void take(std::string_view piece) override {
    if (!is_out_of_order_) blob_->add(piece);
  }
  Answer answer() override {
    is_answered_ = true;
    if (is_out_of_order_) return upload_answer(416, route_.path, route_.which, blob_->size());
    if (request_.method == "PATCH") return upload_answer(202, route_.path, route_.which, blob_->size());
    try {
      return relay_.answer_upload(request_, route_.path, route_.which);
    } catch (...) {
      // No client goes on with an upload that could not be ended.
      relay_.forget_upload(route_.which);
      throw;
    }
  }

private:
  Relay& relay_;
  Request request_;
  Route route_;
  std::shared_ptr<push::StreamedBlob> blob_;
  bool is_answered_ = false;
  bool is_out_of_order_ = false;
};

Relay::Relay(const base::Environment& environment, base::Clock& clock, Options options)
    : environment_(environment),
      clock_(clock),
      options_(std::move(options)),
      clients_(environment, clock, stop_),
      uploads_(environment, clock, stop_, options_.parallel, options_.resume) {}

std::exception_ptr Relay::failure() const {
  const std::lock_guard lock{mutex_};
  return failure_;
}

void Relay::tell(const std::string& event) const {
  if (options_.on_event) options_.on_event(event);
}

registry::Authorization& Relay::authorization(const std::string& scopes) {
  const std::lock_guard lock{mutex_};
  auto& found = authorizations_[scopes];
  if (!found) {
    found = std::make_unique<registry::Authorization>(
        clock_, options_.host, scopes,
        registry::Access{[this](bool renew) {
                           const std::lock_guard one{credential_mutex_};
                           return options_.access.credential(renew);
                         },
                         options_.access.log, [this](const std::string& reason) { tell(reason); }});
  }
  return *found;
}

std::unique_ptr<registry::Repository> Relay::repository(const std::string& path,
                                                        const std::string& mount_from) {
  auto scopes = registry::scope_of(path, "pull,push");
  if (!mount_from.empty()) scopes += " " + registry::scope_of(mount_from, "pull");
  return std::make_unique<registry::Repository>(clock_, authorization(scopes), path, stop_,
                                                clients_.acquire());
}

std::optional<base::TimePoint> Relay::login_renewed_at() const {
  const std::lock_guard lock{mutex_};
  std::optional<base::TimePoint> last;
  for (const auto& [scopes, each] : authorizations_) last = std::max(last, each->login_renewed_at());
  return last;
}

void Relay::delete_abandoned() {
  {
    // Those that no client has finished.
    std::map<std::string, std::shared_ptr<push::StreamedBlob>> unfinished;
    const std::lock_guard lock{mutex_};
    unfinished.swap(incoming_);
  }
  const std::atomic<bool> never{false};
  uploads_.delete_abandoned([&](const std::string& path, bool may_delete) {
    auto& allowed = authorization(registry::scope_of(path, may_delete ? "pull,push,delete" : "pull,push"));
    return std::make_unique<registry::Repository>(environment_, clock_, allowed, path, never);
  });
}

std::optional<Answer> Relay::refuse(const Request& request) {
  // A web page whose own host name was made to lead to this port (DNS rebinding) sends that name.
  const auto host = value_of(request.headers, "host");
  const auto name = host.substr(0, host.rfind(':'));
  if (name != "127.0.0.1" && name != "localhost")
    return error_answer(403, "DENIED", "this relay is for 127.0.0.1 and localhost");
  if (request.headers.contains("origin"))
    return error_answer(403, "DENIED", "this relay is not for web pages");
  if (options_.password.empty()) return std::nullopt;
  const auto given = value_of(request.headers, "authorization");
  const auto expected = net::basic_authorization(username, options_.password.reveal());
  if (net::equal_in_constant_time(given, expected.reveal())) return std::nullopt;
  auto answer = error_answer(401, "UNAUTHORIZED", "log in with the user name and the password of the relay");
  answer.headers["WWW-Authenticate"] = "Basic realm=\"docker snowflake\"";
  answer.headers["Docker-Distribution-Api-Version"] = "registry/2.0";
  return answer;
}

std::unique_ptr<Exchange> Relay::begin(const Request& request) {
  used_ = true;
  const auto route = route_of(request.path);
  const bool has_bytes = request.method == "PATCH" || request.method == "PUT";
  if (route && route->kind == "uploads" && has_bytes)
    return std::make_unique<UploadRequest>(*this, request, *route);
  return std::make_unique<Call>(*this, request);
}

Answer Relay::failed(const std::exception& exception) {
  if (const auto* mistake = dynamic_cast<const ClientError*>(&exception)) return mistake->answer();
  const auto* error = dynamic_cast<const Error*>(&exception);
  if (error == nullptr) return error_answer(503, "UNAVAILABLE", "the relay is shutting down");
  {
    const std::lock_guard lock{mutex_};
    if (!failure_) failure_ = std::make_exception_ptr(*error);
  }
  tell(error->what());
  // 403 because clients do not retry it: the relay itself has already retried everything else.
  return error_answer(403, "DENIED", error->what());
}

Answer Relay::answer(const Request& request, const std::string& body) {
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (reads && (request.path == "/v2/" || request.path == "/v2")) {
    auto answer = json_answer(base::Json::object());
    answer.headers["Docker-Distribution-Api-Version"] = "registry/2.0";
    return answer;
  }
  if (reads && request.path == "/v2/_catalog")
    return json_answer(
        {{"repositories", options_.catalog ? options_.catalog() : std::vector<std::string>{}}});
  const auto route = route_of(request.path);
  if (!route) {
    return error_answer(404, "NAME_UNKNOWN",
                        "images are named database/schema/repository/image at " + options_.host);
  }
  if (route->kind == "tags" && route->which == "list" && reads) return answer_tags(request, route->path);
  if (route->kind == "manifests") return answer_manifest(request, route->path, route->which, body);
  if (route->kind == "blobs" && request.method == "POST") return begin_upload(request, route->path);
  if (route->kind == "blobs" && reads) return answer_blob(request, route->path, route->which);
  if (route->kind == "uploads") {
    if (request.method == "POST") return begin_upload(request, route->path);
    return answer_upload(request, route->path, route->which);
  }
  return not_supported(request);
}

Answer Relay::answer_tags(const Request& request, const std::string& path) {
  std::optional<std::size_t> most;
  if (const auto n = request.query.find("n"); n != request.query.end()) {
    const auto* const end = n->second.data() + n->second.size();
    if (std::from_chars(n->second.data(), end, most.emplace()).ptr != end || n->second.empty())
      return error_answer(400, "PAGINATION_NUMBER_INVALID", "n is a number of tags");
  }
  const auto list = repository(path)->tags(most, value_of(request.query, "last"));
  if (!list) return error_answer(404, "NAME_UNKNOWN", "the registry lists no tags of this image");
  auto answer = json_answer({{"name", path}, {"tags", list->tags}});
  if (list->has_more && !list->tags.empty()) {
    answer.headers["Link"] = "</v2/" + path + "/tags/list?n=" + std::to_string(*most) +
                             "&last=" + net::percent_encode(list->tags.back()) + ">; rel=\"next\"";
  }
  return answer;
}

Answer Relay::answer_manifest(const Request& request, const std::string& path, const std::string& reference,
                              const std::string& body) {
  const bool is_put = request.method == "PUT";
  if (!is_put && request.method != "GET" && request.method != "HEAD") return not_supported(request);
  const bool is_digest = registry::is_digest(reference);
  if (!is_digest && !registry::is_tag(reference)) {
    return error_answer(is_put ? 400 : 404, is_put ? "MANIFEST_INVALID" : "MANIFEST_UNKNOWN",
                        "'" + base::printable(reference, 200) + "' is neither a tag nor a digest");
  }
  const auto registry = repository(path);
  if (is_put) {
    const auto type = value_of(request.headers, "content-type");
    if (!registry::is_media_type(type))
      return error_answer(400, "MANIFEST_INVALID", "the Content-Type of a manifest is its media type");
    const auto digest = registry::digest_of(body);
    if (is_digest && digest != reference)
      return error_answer(400, "DIGEST_INVALID", "the manifest does not have the digest " + reference);
    registry->put_manifest(reference, {body, type, digest});
    tell("Pushed " + path + (is_digest ? "@" : ":") + reference);
    return stored_answer(path, "manifests", digest);
  }
  const auto manifest = registry->manifest(reference);
  if (!manifest) return error_answer(404, "MANIFEST_UNKNOWN", "no such manifest");
  return {200,
          {{"Content-Type", manifest->media_type}, {"Docker-Content-Digest", manifest->digest}},
          manifest->bytes};
}

Answer Relay::answer_blob(const Request& request, const std::string& path, const std::string& digest) {
  if (!registry::is_digest(digest)) return error_answer(400, "DIGEST_INVALID", "not a sha256 digest");
  auto registry = repository(path);
  if (!registry->has_blob(digest)) {
    if (const auto status = registry->last_response().status; status != 404) {
      return error_answer(403, "DENIED",
                          "the registry refuses to read the blob: HTTP status " + std::to_string(status));
    }
    return error_answer(404, "BLOB_UNKNOWN", "no such blob");
  }
  const auto length = registry->last_response().headers.find("content-length");
  if (length == registry->last_response().headers.end())
    throw Error(Kind::network, "the registry does not say how large the blob " + digest + " is");
  const auto size = std::stoull(length->second);
  Answer answer{200, {{"Content-Type", "application/octet-stream"}, {"Docker-Content-Digest", digest}}};
  answer.stream_size = size;
  if (request.method == "HEAD") {
    answer.stream = [](char*, std::size_t) -> std::size_t { return 0; };
    return answer;
  }
  const auto stream = std::make_shared<BlobStream>(std::move(registry), digest, size);
  answer.stream = [stream](char* buffer, std::size_t most) { return stream->give(buffer, most); };
  return answer;
}

Answer Relay::begin_upload(const Request& request, const std::string& path) {
  const auto mounted = value_of(request.query, "mount");
  const auto from = value_of(request.query, "from");
  if (registry::is_digest(mounted)) {
    if (repository(path)->has_blob(mounted)) return stored_answer(path, "blobs", mounted);
    if (is_image_name(from) && repository(path, from)->mount_blob(mounted, from))
      return stored_answer(path, "blobs", mounted);
  }
  const auto id = net::random_uuid();
  auto blob = std::make_shared<push::StreamedBlob>(environment_, uploads_, repository(path),
                                                   push::StreamedBlob::Options{});
  const std::lock_guard lock{mutex_};
  incoming_[id] = std::move(blob);
  return upload_answer(202, path, id, 0);
}

Answer Relay::answer_upload(const Request& request, const std::string& path, const std::string& id) {
  const auto blob = upload(id);
  if (request.method == "GET" || request.method == "HEAD") return upload_answer(204, path, id, blob->size());
  if (request.method == "DELETE") {
    forget_upload(id);
    return {204};
  }
  const auto digest = value_of(request.query, "digest");
  if (request.method != "PUT" || !registry::is_digest(digest))
    return error_answer(400, "DIGEST_INVALID", "an upload ends with PUT and a sha256 digest");
  if (blob->end() != digest)
    throw ClientError(400, "DIGEST_INVALID", "the bytes that were sent do not have the digest " + digest);
  blob->store();
  forget_upload(id);
  return stored_answer(path, "blobs", digest);
}

std::shared_ptr<push::StreamedBlob> Relay::upload(const std::string& id) const {
  const std::lock_guard lock{mutex_};
  const auto found = incoming_.find(id);
  if (found == incoming_.end()) throw ClientError(404, "BLOB_UPLOAD_UNKNOWN", "no such upload");
  return found->second;
}

void Relay::forget_upload(const std::string& id) {
  std::shared_ptr<push::StreamedBlob> blob;
  const std::lock_guard lock{mutex_};
  if (const auto found = incoming_.find(id); found != incoming_.end()) {
    blob = std::move(found->second);
    incoming_.erase(found);
  }
}

}  // namespace plugin::relay
