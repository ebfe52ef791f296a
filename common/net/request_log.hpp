// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <iosfwd>
#include <memory>

#include "net/http.hpp"

namespace net {

/// What `--debug` prints: one line for each request once it has been answered or has failed, with its method,
/// host and path, its status or the error, its duration, and the id of a query. Nothing else is printed,
/// since it may be secret. Safe to use from several threads.
class RequestLog {
public:
  /// Prints nothing.
  RequestLog() = default;
  /// `out` must outlive this.
  explicit RequestLog(std::ostream& out) : out_(&out) {}

  /// `client`, whose requests are printed from now on, including retries.
  std::unique_ptr<HttpClient> recorded(std::unique_ptr<HttpClient> client) const;

private:
  std::ostream* out_ = nullptr;
};

}  // namespace net
