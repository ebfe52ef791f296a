// SPDX-License-Identifier: Apache-2.0
#include "snowflake/parallel_queries.hpp"

#include <atomic>
#include <exception>
#include <mutex>
#include <stop_token>
#include <system_error>
#include <thread>

#include "base/interruption.hpp"
#include "config/account.hpp"

namespace snowflake {
namespace {

/// Enough to hide the network latency; more would only queue up at Snowflake.
constexpr std::size_t max_at_once = 8;

class Work {
public:
  Work(const std::vector<std::string>& statements, const config::Account& account,
       const SessionTokens& tokens, base::Clock& clock, const OnProgress& on_progress)
      : statements_(statements),
        account_(account),
        tokens_(tokens),
        clock_(clock),
        on_progress_(on_progress),
        results_(statements.size()) {}

  /// Runs one statement after the other until none is left, or a stop is requested.
  void run(net::HttpClient& http) noexcept {
    try {
      Api api{http, clock_, account_};
      Session session{api, tokens_, clock_};
      for (auto index = next_++; index < statements_.size() && !stop_.stop_requested(); index = next_++) {
        run_one(session, index);
        const std::lock_guard guard{mutex_};
        on_progress_(++done_);
      }
    } catch (...) {
      const std::lock_guard guard{mutex_};
      if (!failure_) failure_ = std::current_exception();
      stop_.request_stop();
    }
  }

  /// Runs the statements again that failed because the session ended. Throws the error that stopped the run.
  std::vector<StatementResult> finish(SessionCache& session) {
    if (failure_) std::rethrow_exception(failure_);
    for (std::size_t index = 0; index < results_.size(); ++index) {
      base::throw_if_interrupted();
      auto& result = results_[index];
      if (result.result || result.error) continue;
      try {
        result.result = session.run(statements_[index]);
      } catch (const base::Error& error) {
        result.error = error;
      }
    }
    return std::move(results_);
  }

private:
  void run_one(Session& session, std::size_t index) {
    try {
      Result result;
      if (session.run(statements_[index], result) == SessionStatus::done)
        results_[index].result = std::move(result);
    } catch (const base::Error& error) {
      results_[index].error = error;
    }
  }

  const std::vector<std::string>& statements_;
  const config::Account& account_;
  const SessionTokens& tokens_;
  base::Clock& clock_;
  const OnProgress& on_progress_;
  std::vector<StatementResult> results_;
  std::size_t done_ = 0;
  std::atomic<std::size_t> next_{0};
  std::stop_source stop_;
  std::mutex mutex_;
  std::exception_ptr failure_;
};

}  // namespace

std::vector<StatementResult> run_parallel(SessionCache& session, const std::vector<std::string>& statements,
                                          const MakeHttp& make_http, base::Clock& clock,
                                          const OnProgress& on_progress) {
  const auto tokens = session.tokens();
  Work work{statements, session.account(), tokens, clock, on_progress};
  std::vector<std::unique_ptr<net::HttpClient>> clients;
  {
    std::vector<std::jthread> threads;
    while (clients.size() < std::min(max_at_once, statements.size())) {
      clients.push_back(make_http());
      try {
        threads.emplace_back([&work, client = clients.back().get()] { work.run(*client); });
      } catch (const std::system_error&) {
        // No more threads: the running ones do the work, or else this one.
        if (threads.empty()) work.run(*clients.back());
        break;
      }
    }
  }
  return work.finish(session);
}

}  // namespace snowflake
