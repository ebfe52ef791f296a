// SPDX-License-Identifier: Apache-2.0
#include "registry/retry_state.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "net/retry.hpp"

namespace plugin::registry {
namespace {

using base::Error;
using base::Kind;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds first_wait = 1s;
constexpr std::chrono::milliseconds max_wait = 30s;
constexpr int max_refusals = 5;

}  // namespace

RetryState::Backoff RetryState::next_retry(const Reply& reply, Time now, double random,
                                           const std::string& what) {
  if (reply.is_denied() || !reply.may_retry()) throw_failure(reply, what);
  if (!std::exchange(is_failing_, true)) stalled_since_ = now;
  if (now - stalled_since_ >= max_stall + requested_wait_) {
    throw Error(Kind::network,
                "cannot " + what + ": no progress for 5 minutes; the last response was: " + reply.message);
  }
  Backoff backoff;
  if (reply.status == 401) {
    ++refusals_;
    if (reply.insufficient_scope && refusals_ > 2) throw denied(reply, what);
    if (refusals_ > max_refusals) {
      throw Error(Kind::denied, "cannot " + what + ": the registry refuses every token: " + reply.message);
    }
    backoff.renewal = refusals_ % 2 == 1 ? Renewal::bearer : Renewal::session_token;
    // A token that is valid, and not for this, does not become better with time.
    if (refusals_ > 1 && !reply.insufficient_scope) backoff.wait = first_wait * (1 << (refusals_ - 2));
    return backoff;
  }
  ++failures_;
  // A registry may refuse a token by closing the connection while the body is being sent.
  if (reply.status == 0) backoff.renewal = Renewal::bearer;
  backoff.wait = net::pause_before_retry(first_wait, max_wait, failures_, random);
  if (reply.retry_after) {
    const std::chrono::milliseconds requested = *reply.retry_after;
    backoff.wait = std::max(std::min<std::chrono::milliseconds>(requested, max_requested_wait), backoff.wait);
    requested_wait_ = std::min<std::chrono::milliseconds>(requested_wait_ + backoff.wait, max_requested_wait);
  }
  return backoff;
}

void RetryState::made_progress() {
  is_failing_ = false;
  requested_wait_ = {};
  failures_ = 0;
  refusals_ = 0;
}

}  // namespace plugin::registry
