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
#include "base/secret.hpp"
#include "push/blob_sender.hpp"
#include "push/streamed_blob.hpp"
#include "registry/client_pool.hpp"
#include "registry/repository.hpp"
#include "relay/http_server.hpp"

namespace plugin::relay {

/// A registry on 127.0.0.1 for the clients of this machine, with the registry of Snowflake behind it
/// (distribution specification, 1.1). Clients log in with a password of the relay's own, or not at all; they
/// never see a Snowflake token, a renewed login or a broken connection.
class Relay final : public Handler {
public:
  struct Options {
    std::string host;  ///< the registry behind
    registry::Access access;
    base::Secret password;  ///< when empty, clients need not log in
    std::size_t parallel = 3;
    bool resume = true;  ///< whether a later process may continue uploads of this one
    std::function<std::vector<std::string>()> catalog = {};  ///< names of images, for `_catalog`
    std::function<void(const std::string&)> on_event = {};   ///< one line for the user, from any thread
  };
  static constexpr const char* username = "docker-snowflake";

  Relay(const base::Environment&, base::Clock&, Options);

  /// Waits end with `Interrupted` from now on, also those of clients: to be called before the server ends.
  void stop() { stop_ = true; }
  /// The first error that clients were told, with its hint for the user; null as long as there was none.
  std::exception_ptr failure() const;
  /// Whether any client has connected with the right password.
  bool was_used() const { return used_; }
  /// When a login other than the first was used; absent as long as there was only one.
  std::optional<base::TimePoint> login_renewed_at() const;
  /// Tells the registry which uploads will not be continued.
  void delete_abandoned();

  std::optional<Answer> refuse(const Request&) override;
  std::unique_ptr<Exchange> begin(const Request&) override;
  Answer failed(const std::exception&) override;

private:
  class Call;
  class UploadRequest;

  /// The bearer token for these scopes. Valid as long as this object.
  registry::Authorization& authorization(const std::string& scopes);
  std::unique_ptr<registry::Repository> repository(const std::string& path,
                                                   const std::string& mount_from = {});
  Answer answer(const Request&, const std::string& body);
  Answer answer_tags(const Request&, const std::string& path);
  Answer answer_manifest(const Request&, const std::string& path, const std::string& reference,
                         const std::string& body);
  Answer answer_blob(const Request&, const std::string& path, const std::string& digest);
  Answer begin_upload(const Request&, const std::string& path);
  Answer answer_upload(const Request&, const std::string& path, const std::string& id);
  std::shared_ptr<push::StreamedBlob> upload(const std::string& id) const;
  void forget_upload(const std::string& id);
  void tell(const std::string& event) const;

  const base::Environment& environment_;
  base::Clock& clock_;
  Options options_;
  std::atomic<bool> stop_{false};
  std::atomic<bool> used_{false};
  registry::ClientPool clients_;
  push::Uploads uploads_;
  mutable std::mutex mutex_;
  std::mutex credential_mutex_;
  std::map<std::string, std::unique_ptr<registry::Authorization>> authorizations_;  ///< by scopes
  std::map<std::string, std::shared_ptr<push::StreamedBlob>> incoming_;             ///< by id
  std::exception_ptr failure_;
};

}  // namespace plugin::relay
