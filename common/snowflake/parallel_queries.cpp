// SPDX-License-Identifier: Apache-2.0
#include "snowflake/parallel_queries.hpp"

#include <atomic>
#include <thread>

#include "base/interruption.hpp"

namespace snowflake {
namespace {

/// Enough to hide the way to Snowflake and back; more would only queue up there.
constexpr std::size_t max_at_once = 8;

class Work {
public:
  Work(const std::vector<std::string>& statements, const config::Account& account,
       const SessionTokens& tokens, base::Clock& clock)
      : statements_(statements),
        account_(account),
        tokens_(tokens),
        clock_(clock),
        outcomes_(statements.size()),
        ends_(statements.size(), SessionStatus::done) {}

  /// Takes one statement after the other until none is left.
  void run(net::HttpClient& http) {
    Api api{http, clock_, account_};
    Session session{api, tokens_, clock_};
    for (std::size_t index = next_++; index < statements_.size(); index = next_++) {
      auto& outcome = outcomes_[index];
      try {
        ends_[index] = session.run(statements_[index], outcome.result);
      } catch (const base::Error& error) {
        outcome.error = error;
      } catch (const base::Interrupted&) {
        return;
      }
    }
  }

  /// What the session ended under.
  void finish(KeptSession& session) {
    for (std::size_t index = 0; index < outcomes_.size(); ++index) {
      if (ends_[index] != SessionStatus::done)
        outcomes_[index] = {session.run(statements_[index]), std::nullopt};
    }
  }

  std::vector<Outcome> take() { return std::move(outcomes_); }

private:
  const std::vector<std::string>& statements_;
  const config::Account& account_;
  const SessionTokens& tokens_;
  base::Clock& clock_;
  std::vector<Outcome> outcomes_;
  std::vector<SessionStatus> ends_;
  std::atomic<std::size_t> next_{0};
};

}  // namespace

std::vector<Outcome> run_parallel(KeptSession& session, const std::vector<std::string>& statements,
                                  const MakeHttp& make_http, base::Clock& clock) {
  const auto tokens = session.tokens();
  Work work{statements, session.account(), tokens, clock};
  std::vector<std::unique_ptr<net::HttpClient>> wires;
  {
    std::vector<std::jthread> threads;
    while (wires.size() < std::min(max_at_once, statements.size())) {
      wires.push_back(make_http());
      threads.emplace_back([&work, wire = wires.back().get()] { work.run(*wire); });
    }
  }
  base::throw_if_interrupted();
  work.finish(session);
  return work.take();
}

}  // namespace snowflake
