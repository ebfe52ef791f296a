// SPDX-License-Identifier: Apache-2.0
#include "relay/relay.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/json.hpp"
#include "net/crypto.hpp"

namespace plugin::relay {

using base::Error;

Response error_response(int status, const std::string& code, const std::string& message) {
  const base::Json error{{"code", code}, {"message", message}};
  const base::Json json{{"errors", base::Json::array({error})}};
  return {status, {{"Content-Type", "application/json"}}, base::dump_json(json)};
}

Relay::Relay(const base::Environment& environment, base::Clock& clock, Options options)
    : environment_(environment),
      clock_(clock),
      options_(std::move(options)),
      clients_(environment, clock, stop_, options_.access.log),
      uploads_(environment, clock, stop_, options_.parallel, options_.resume) {
  options_.access = registry::one_login_at_a_time(std::move(options_.access));
  options_.access.on_wait = [this](const std::string& reason) { report(reason); };
}

std::optional<Error> Relay::failure() const {
  const std::lock_guard lock{mutex_};
  return failure_;
}

void Relay::report(const std::string& event) const {
  if (options_.on_event) options_.on_event(event);
}

registry::Authorization& Relay::authorization(const std::string& scopes) {
  const std::lock_guard lock{mutex_};
  auto& found = authorizations_[scopes];
  if (!found)
    found = std::make_unique<registry::Authorization>(clock_, options_.host, scopes, options_.access);
  return *found;
}

std::unique_ptr<registry::ImageClient> Relay::image_client(const std::string& path,
                                                           const std::string& mount_from) {
  auto scopes = registry::scope_of(path, "pull,push");
  if (!mount_from.empty()) scopes += " " + registry::scope_of(mount_from, "pull");
  return std::make_unique<registry::ImageClient>(clients_, authorization(scopes), path);
}

std::optional<base::TimePoint> Relay::login_renewed_at() const {
  const std::lock_guard lock{mutex_};
  std::optional<base::TimePoint> last;
  for (const auto& [scopes, each] : authorizations_) last = std::max(last, each->login_renewed_at());
  return last;
}

void Relay::delete_abandoned() {
  {
    // Uploads that no client has finished.
    std::map<std::string, std::shared_ptr<push::StreamedUpload>> unfinished;
    const std::lock_guard lock{mutex_};
    unfinished.swap(open_uploads_);
  }
  uploads_.delete_abandoned([&](const std::string& path, bool may_delete) -> registry::Authorization& {
    return authorization(registry::scope_of(path, may_delete ? "pull,push,delete" : "pull,push"));
  });
}

std::optional<Response> Relay::refuse(const Request& request) {
  // A web page can make its own host name resolve to 127.0.0.1 (DNS rebinding), and then sends that name.
  const auto host = request.header("host");
  const auto name = host.substr(0, host.rfind(':'));
  if (name != "127.0.0.1" && name != "localhost")
    return error_response(403, "DENIED", "this relay is for 127.0.0.1 and localhost");
  if (request.headers.contains("origin"))
    return error_response(403, "DENIED", "this relay is not for web pages");
  if (options_.password.empty()) return std::nullopt;
  const auto given = request.header("authorization");
  const auto expected = net::basic_authorization(username, options_.password.reveal());
  if (net::equal_in_constant_time(given, expected.reveal())) return std::nullopt;
  auto response =
      error_response(401, "UNAUTHORIZED", "log in with the user name and the password of the relay");
  response.headers["WWW-Authenticate"] = "Basic realm=\"docker snowflake\"";
  response.headers["Docker-Distribution-Api-Version"] = "registry/2.0";
  return response;
}

Response Relay::on_error(const std::exception& exception) {
  if (const auto* mistake = dynamic_cast<const ClientError*>(&exception)) return mistake->response();
  const auto* error = dynamic_cast<const Error*>(&exception);
  if (error == nullptr) return error_response(503, "UNAVAILABLE", "the relay is shutting down");
  {
    const std::lock_guard lock{mutex_};
    if (!failure_) failure_ = *error;
  }
  if (options_.on_failure) options_.on_failure(error->what());
  // 403 because clients do not retry it: the relay itself has already retried everything else.
  return error_response(403, "DENIED", error->what());
}

std::shared_ptr<push::StreamedUpload> Relay::find_upload(const std::string& id) const {
  const std::lock_guard lock{mutex_};
  const auto found = open_uploads_.find(id);
  if (found == open_uploads_.end()) throw ClientError(404, "BLOB_UPLOAD_UNKNOWN", "no such upload");
  return found->second;
}

void Relay::remove_upload(const std::string& id) {
  // Destroyed after the lock is released: that waits for the upload's thread.
  std::shared_ptr<push::StreamedUpload> blob;
  const std::lock_guard lock{mutex_};
  if (const auto found = open_uploads_.find(id); found != open_uploads_.end()) {
    blob = std::move(found->second);
    open_uploads_.erase(found);
  }
}

}  // namespace plugin::relay
