// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace net {

/// A request to a server on this machine that listens on a Unix socket, such as Docker's engine.
struct LocalRequest {
  std::filesystem::path socket;
  std::string method = "GET";
  std::string target;  ///< path and query
  std::vector<std::pair<std::string, std::string>> headers = {};
  /// For the whole request; absent: no limit.
  std::optional<std::chrono::milliseconds> timeout = std::nullopt;
};

/// Sends the request, and passes the body of the answer to `on_data` as it arrives. Returns the HTTP status.
/// Throws `network` when there is no complete answer, and `Interrupted` when the user interrupts it or `stop`
/// becomes true: closing the connection makes the engine stop.
int send_to_local_socket(const LocalRequest&, const std::function<void(std::string_view)>& on_data,
                         const std::atomic<bool>* stop = nullptr);

}  // namespace net
