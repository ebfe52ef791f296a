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

/// What became of one of many statements: a result, or why there is none. Exactly one of the two is there.
struct StatementResult {
  std::optional<Result> result;
  std::optional<base::Error> error;
};

using MakeHttp = std::function<std::unique_ptr<net::HttpClient>()>;

/// Runs statements that only read, a few at a time, each thread over a connection of its own that `make_http`
/// gives. Results are in the order of the statements; a statement that is refused does not stop the others.
/// Whatever else ends one of them, `base::Interrupted` for one, stops all and is thrown: then nothing is
/// returned, since a statement that was broken off must not look like an empty result.
std::vector<StatementResult> run_parallel(SessionCache&, const std::vector<std::string>& statements,
                                          const MakeHttp& make_http, base::Clock&);

}  // namespace snowflake
