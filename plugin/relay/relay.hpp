// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"
#include "push/send_blob.hpp"
#include "push/streamed_upload.hpp"
#include "registry/image_client.hpp"
#include "relay/http_server.hpp"

namespace plugin::relay {

/// The response that reports an error (distribution specification, "Error codes").
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

/// A registry on 127.0.0.1 for the clients of this machine, which forwards to a Snowflake registry
/// (distribution specification, 1.1). Clients log in with the relay's own password, or not at all. They never
/// see a Snowflake token, a renewed login or a broken connection.
class Relay final : public Handler {
public:
  struct Options {
    std::string host;  ///< the Snowflake registry
    registry::Access access;
    base::Secret password;  ///< when empty, clients need not log in
    std::size_t parallel = 3;
    bool resume = true;  ///< whether a later process may continue this one's uploads
    std::function<std::vector<std::string>()> catalog = {};  ///< names of images, for `_catalog`
    std::function<void(const std::string&)> on_event = {};   ///< one line for the user, from any thread
    /// The same for a request that failed for good, for callers that do not ask for `failure`.
    std::function<void(const std::string&)> on_failure = {};
  };
  static constexpr const char* username = "docker-snowflake";

  Relay(const base::Environment&, base::Clock&, Options);

  /// All waits end with `Interrupted` from now on. To be called before the server ends, which waits for its
  /// clients.
  void stop() { stop_ = true; }
  /// The first error that was sent to a client, with its next step; absent as long as there was none.
  std::optional<base::Error> failure() const;
  /// Whether any client has connected with the right password.
  bool was_used() const { return was_used_; }
  /// When a login other than the first was used; absent as long as there was only one.
  std::optional<base::TimePoint> login_renewed_at() const;
  /// Deletes the upload sessions at the registry that will not be continued.
  void delete_abandoned();

  std::optional<Response> refuse(const Request&) override;
  std::unique_ptr<Exchange> begin(const Request&) override;
  Response on_error(const std::exception&) override;

private:
  class SmallRequest;
  class UploadRequest;

  /// The bearer token for these scopes. The reference is valid as long as this object.
  registry::Authorization& authorization(const std::string& scopes);
  std::unique_ptr<registry::ImageClient> image_client(const std::string& path,
                                                      const std::string& mount_from = {});
  Response respond(const Request&, const std::string& body);
  Response get_tags(const Request&, const std::string& path);
  Response get_manifest(const std::string& path, const std::string& reference);
  Response put_manifest(const Request&, const std::string& path, const std::string& reference,
                        const std::string& body);
  Response get_blob(const Request&, const std::string& path, const std::string& digest);
  Response start_upload(const Request&, const std::string& path);
  /// Status, cancellation or completion of an upload.
  Response handle_upload(const Request&, const std::string& path, const std::string& id);
  std::shared_ptr<push::StreamedUpload> find_upload(const std::string& id) const;
  void remove_upload(const std::string& id);
  void report(const std::string& event) const;

  const base::Environment& environment_;
  base::Clock& clock_;
  Options options_;
  std::atomic<bool> stop_{false};
  std::atomic<bool> was_used_{false};
  registry::HttpClientPool clients_;
  push::UploadContext uploads_;
  mutable std::mutex mutex_;
  std::map<std::string, std::unique_ptr<registry::Authorization>> authorizations_;  ///< by scopes
  std::map<std::string, std::shared_ptr<push::StreamedUpload>> open_uploads_;       ///< by id
  std::optional<base::Error> failure_;
};

}  // namespace plugin::relay
