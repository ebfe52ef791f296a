// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "snowflake/session_cache.hpp"

namespace snowflake {

/// The result of one statement, or its error: exactly one of the two is set.
struct StatementResult {
  std::optional<Result> result;
  std::optional<base::Error> error;
};

/// Called after each statement with the number of finished ones, by any of the threads, but one at a time.
using OnProgress = std::function<void(std::size_t done)>;

/// Creates the HTTP client of a thread.
using MakeHttp = std::function<std::unique_ptr<net::HttpClient>()>;

/// Runs read-only statements in parallel, each thread with its own HTTP client from `make_http`. Results are
/// in the order of the statements; a refused statement does not stop the others. Any other exception, such as
/// `base::Interrupted`, stops all statements and is thrown, so that an interrupted statement never looks like
/// an empty result.
[[nodiscard]] std::vector<StatementResult> run_parallel(
    SessionCache&, const std::vector<std::string>& statements, const MakeHttp& make_http, base::Clock&,
    const OnProgress& on_progress = [](std::size_t) {});

}  // namespace snowflake
