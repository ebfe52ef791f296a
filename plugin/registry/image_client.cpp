// SPDX-License-Identifier: Apache-2.0
#include "registry/image_client.hpp"

#include <algorithm>
#include <utility>

#include "base/interruption.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "net/crypto.hpp"
#include "net/curl_client.hpp"
#include "net/url.hpp"
#include "registry/client.hpp"

namespace plugin::registry {
namespace {

using base::Error;
using base::Kind;
using namespace std::chrono_literals;

constexpr auto stop_poll_interval = 200ms;
/// A registry may need time to assemble a large blob when its last request comes.
constexpr auto stall_timeout_without_upload = 300s;
constexpr auto stall_timeout = 60s;
/// A push may take days.
constexpr std::chrono::hours no_deadline{24 * 365};
constexpr int max_redirects = 5;

/// The value of Accept for manifests.
std::string manifest_types() {
  return base::join({docker_manifest_type, oci_manifest_type, docker_index_type, oci_index_type}, ", ");
}

/// Whether a response says how long its body is, so that a truncated one counts as no response.
bool has_known_end(const net::HttpResponse& response) {
  return response.headers.contains("content-length") || response.headers.contains("transfer-encoding");
}

bool is_same_origin(const net::UrlParts& left, const net::UrlParts& right) {
  return left.scheme == right.scheme && left.host == right.host && left.port == right.port;
}

/// Whether the same request is to be sent to the Location of a reply (RFC 9110, 15.4).
bool is_redirect(const net::HttpRequest& request, const Reply& reply) {
  if (reply.location.empty()) return false;
  if (reply.status == 307 || reply.status == 308) return true;
  const bool is_question = request.method == "GET" || request.method == "HEAD";
  return is_question && (reply.status == 301 || reply.status == 302 || reply.status == 303);
}

std::string seconds_text(std::chrono::milliseconds wait) {
  return std::to_string(std::chrono::ceil<std::chrono::seconds>(wait).count()) + " s";
}

Error wrong_bytes(const std::string& what) {
  return {Kind::network, "the registry sent " + what + " that does not have its digest",
          "try again; if this persists, push the image again"};
}

}  // namespace

std::shared_ptr<net::HttpClient> HttpClientPool::acquire() {
  std::unique_ptr<net::HttpClient> client;
  {
    const std::lock_guard lock{mutex_};
    if (!idle_.empty()) {
      client = std::move(idle_.back());
      idle_.pop_back();
    }
  }
  if (!client) {
    client = log_.recorded(
        std::make_unique<net::CurlClient>(environment_, base::Deadline{clock, no_deadline}, &stop));
  }
  return {client.release(), [this](net::HttpClient* used) {
            std::unique_ptr<net::HttpClient> back{used};
            const std::lock_guard lock{mutex_};
            idle_.push_back(std::move(back));
          }};
}

ImageClient::ImageClient(HttpClientPool& clients, Authorization& authorization, std::string path,
                         const OnWait& on_wait)
    : clients_(clients),
      authorization_(authorization),
      path_(std::move(path)),
      on_wait_(on_wait ? on_wait : authorization.access().on_wait),
      http_(clients.acquire()) {}

std::string ImageClient::url(const std::string& rest) const {
  return origin_of(host()) + "/v2/" + path_ + "/" + rest;
}

std::string ImageClient::resolved(const std::string& page, const std::string& location) const {
  auto url = net::resolve_url(page, location);
  const auto own = net::parse_url(origin_of(host()));
  const auto parts = net::parse_url(url);
  // A registry behind a proxy may not know that it is reached over TLS.
  const bool lacks_tls = parts.scheme == "http" && parts.host == own.host && own.scheme == "https";
  return lacks_tls ? "https" + url.substr(4) : url;
}

Reply ImageClient::send_once(net::HttpRequest& request) {
  const auto own = net::parse_url(origin_of(host()));
  const auto parts = net::parse_url(request.url);
  const bool is_own = is_same_origin(parts, own);
  if (!is_own && parts.scheme != "https") {
    throw Error(Kind::network,
                host() + " wants data sent to " + base::printable(request.url, 200) + ", without TLS",
                "check the host and the proxy, or ask the account's administrator");
  }
  last_bearer_ = authorization_.current(*http_);
  request.authorization = is_own ? last_bearer_ : base::Secret{};
  response_ = http_->send(request);
  auto reply = Reply::of(response_);
  // After a successful PUT it is the address of what was stored, which may be anything.
  const bool is_used = request.method != "PUT" || reply.status / 100 != 2;
  if (!reply.location.empty() && is_used) reply.location = resolved(request.url, reply.location);
  return reply;
}

Reply ImageClient::send(net::HttpRequest request) {
  if (request.method != "DELETE")
    request.stall_timeout = request.upload == nullptr ? stall_timeout_without_upload : stall_timeout;
  const auto host_of = [](const std::string& url) { return net::parse_url(url).host; };
  const auto first_host = host_of(request.url);
  const auto with_host = [&](Reply reply) {
    const auto host = host_of(request.url);
    reply.is_elsewhere = host != first_host;
    if (reply.is_elsewhere && reply.status / 100 != 2) {
      if (reply.status != 0) reply.message = host + " responds with " + reply.message;
      reply.hint = "check whether a proxy, a firewall or a network policy blocks " + host;
    }
    return reply;
  };
  try {
    auto reply = send_once(request);
    for (int redirects = 0; redirects < max_redirects && is_redirect(request, reply); ++redirects) {
      request.url = reply.location;
      reply = send_once(request);
    }
    return with_host(std::move(reply));
  } catch (const net::NoAnswer& failure) {
    response_ = {};
    return with_host(Reply::of(failure));
  }
}

Reply ImageClient::with_scope_checked(Reply reply) {
  if (reply.status != 401 || reply.insufficient_scope) return reply;
  net::HttpRequest question;
  question.url = url("tags/list?n=1");
  question.authorization = last_bearer_;
  question.stall_timeout = stall_timeout_without_upload;
  try {
    const auto status = http_->send(question).status;
    reply.insufficient_scope = status == 200 || status == 404;
  } catch (const net::NoAnswer&) {
    // The first reply is all that is known.
  }
  return reply;
}

void ImageClient::wait(const RetryState::Backoff& backoff, const std::string& reason) {
  if (backoff.renewal != RetryState::Renewal::none)
    authorization_.renew(last_bearer_, backoff.renewal == RetryState::Renewal::session_token);
  if (backoff.wait == 0ms) return;
  if (on_wait_) on_wait_(reason + ", trying again in " + seconds_text(backoff.wait));
  // A signal ends the sleep of every thread; `stop` does not.
  for (auto left = backoff.wait; left > 0ms; left -= stop_poll_interval) {
    if (clients_.stop) throw base::Interrupted{};
    clients_.clock.sleep(std::min<std::chrono::milliseconds>(left, stop_poll_interval));
  }
}

void ImageClient::wait_for_retry(RetryState& retry_state, const Reply& reply, const std::string& what) {
  wait(retry_state.next_retry(reply, clients_.clock.steady(), net::random_fraction(), what), reply.message);
}

Reply ImageClient::send_until_answered(const net::HttpRequest& request, const std::string& what) {
  RetryState retry_state{clients_.clock.steady()};
  const bool is_question = request.method == "GET" || request.method == "HEAD";
  for (;;) {
    auto reply = is_question ? send(request) : with_scope_checked(send(request));
    if (!reply.may_retry() && !reply.is_final) return reply;
    wait_for_retry(retry_state, reply, what);
  }
}

std::optional<StoredManifest> ImageClient::manifest(const std::string& reference) {
  net::HttpRequest request;
  request.url = url("manifests/" + reference);
  request.headers = {{"Accept", manifest_types()}};
  const auto what = "read the manifest of " + reference;
  const auto reply = send_until_answered(request, what);
  if (reply.status == 404) return std::nullopt;
  if (reply.status != 200) throw_failure(reply, what);
  StoredManifest manifest;
  manifest.bytes = response_.body.reveal();
  const auto type = response_.header("content-type");
  manifest.media_type = type.substr(0, type.find(';'));
  manifest.digest = digest_of(manifest.bytes);
  const std::string expected = is_digest(reference) ? reference : reply.digest;
  if (!expected.empty() && expected != manifest.digest) throw wrong_bytes("a manifest");
  return manifest;
}

void ImageClient::put_manifest(const std::string& reference, const StoredManifest& manifest) {
  if (!is_media_type(manifest.media_type))
    throw invalid_media_type("the manifest " + reference, manifest.media_type);
  net::HttpRequest request;
  request.method = "PUT";
  request.url = url("manifests/" + reference);
  request.headers = {{"Content-Type", manifest.media_type}};
  request.body = base::Secret{manifest.bytes};
  const auto what = "store the manifest " + reference;
  // Idempotent: it may be sent again, whether or not the first request has arrived.
  const auto reply = send_until_answered(request, what);
  if (reply.status / 100 == 2) {
    // A registry answers with 201, a proxy in its place perhaps with 200.
    const auto stored =
        reply.status == 201 ? reply.digest : this->manifest(reference).value_or(StoredManifest{}).digest;
    if (stored == manifest.digest || (stored.empty() && reply.status == 201)) return;
    throw Error(Kind::network, "the registry did not store the manifest that was sent: " + reference,
                "try again; look for a proxy that answers for the registry");
  }
  if (reply.is_denied()) throw_failure(reply, what);
  throw Error(Kind::network, "the registry does not accept the manifest: " + reply.message,
              "push again: what the registry has is not sent twice");
}

bool ImageClient::has_blob(const std::string& digest) {
  net::HttpRequest request;
  request.method = "HEAD";
  request.url = url("blobs/" + digest);
  return send_until_answered(request, "look for the layer " + digest).status / 100 == 2;
}

bool ImageClient::mount_blob(const std::string& digest, const std::string& from) {
  net::HttpRequest request;
  request.method = "POST";
  request.url = url("blobs/uploads/");
  net::add_query(request.url, "mount", digest);
  net::add_query(request.url, "from", from);
  const auto reply = send_until_answered(request, "mount the layer " + digest);
  if (reply.status == 202 && !reply.location.empty()) {
    // An upload session instead, which is not needed.
    net::HttpRequest cancel;
    cancel.method = "DELETE";
    cancel.url = reply.location;
    send(cancel);
  }
  return reply.status == 201;
}

std::optional<std::string> ImageClient::blob(const Descriptor& descriptor) {
  constexpr std::uint64_t max_size = 8U << 20;
  const auto& digest = descriptor.digest;
  if (descriptor.size > max_size) return std::nullopt;
  std::string bytes;
  try {
    read_blob(digest, descriptor.size, [&](std::string_view piece) { bytes += piece; });
  } catch (const Error& error) {
    if (error.kind() == Kind::not_found) return std::nullopt;
    throw;
  }
  if (digest_of(bytes) != digest) throw wrong_bytes("a blob");
  return bytes;
}

void ImageClient::read_blob(const std::string& digest, std::uint64_t size,
                            const std::function<void(std::string_view)>& sink) {
  const auto what = "read the blob " + digest;
  RetryState retry_state{clients_.clock.steady()};
  std::uint64_t received = 0;
  for (;;) {
    net::HttpRequest request;
    request.url = url("blobs/" + digest);
    if (received > 0) request.headers = {{"Range", "bytes=" + std::to_string(received) + "-"}};
    std::uint64_t skip = 0;  // bytes that a registry without ranges sends again
    bool has_status = false;
    const auto begin = received;
    request.on_data = [&](int status, std::string_view piece) {
      if (!std::exchange(has_status, true) && begin > 0 && status != 206) skip = begin;
      const auto skipped = std::min<std::uint64_t>(skip, piece.size());
      skip -= skipped;
      piece.remove_prefix(skipped);
      if (received + piece.size() > size) throw wrong_bytes("a blob");
      if (!piece.empty()) sink(piece);
      received += piece.size();
    };
    const auto reply = send(request);
    if (received > begin) retry_state.made_progress();
    if (reply.status / 100 == 2) {
      if (received == size || received == begin || has_known_end(response_)) return;
      continue;
    }
    if (reply.status == 404) throw Error(Kind::not_found, "the registry does not have the blob " + digest);
    wait_for_retry(retry_state, reply, what);
  }
}

std::optional<TagList> ImageClient::tags(std::optional<std::size_t> max_count, const std::string& last) {
  auto first =
      url("tags/list?n=" + std::to_string(std::min(max_count.value_or(tags_per_page), tags_per_page)));
  if (!last.empty()) net::add_query(first, "last", last);
  return read_tags(first, max_count, [&](const std::string& page) {
    net::HttpRequest request;
    request.url = page;
    send_until_answered(request, "list the tags of " + path_);
    return response_;
  });
}

}  // namespace plugin::registry
