// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "snowflake/kept_session.hpp"

namespace snowflake {

/// What became of one of many statements: a result, or why there is none.
struct Outcome {
  Result result;
  std::optional<base::Error> error;
};

using MakeHttp = std::function<std::unique_ptr<net::HttpClient>()>;

/// Runs statements that only read, a few at a time, each line of work over a connection of its own that
/// `make_http` gives. Outcomes stand in the order of the statements; what goes wrong with one does not stop
/// the others. Throws `base::Interrupted`.
std::vector<Outcome> run_parallel(KeptSession&, const std::vector<std::string>& statements,
                                  const MakeHttp& make_http, base::Clock&);

}  // namespace snowflake
