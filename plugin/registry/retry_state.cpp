// SPDX-License-Identifier: Apache-2.0
#include "registry/retry_state.hpp"

#include <algorithm>
#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"
#include "net/retry.hpp"
#include "registry/client.hpp"

namespace plugin::registry {
namespace {

using base::Error;
using base::Kind;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds first_wait = 1s;
constexpr std::chrono::milliseconds max_wait = 30s;
constexpr int max_refusals = 5;

std::optional<std::uint64_t> number_in(std::string_view text) {
  const auto number = base::whole_number(text);
  if (!number || *number < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

Error denied(const Reply& reply, const std::string& what) {
  return {Kind::denied, "the registry denied the request to " + what + ": " + reply.message};
}

/// `0-499`, or with `bytes=` in front of it. Registries send `0-0` for no bytes as well as for one; no client
/// sends chunks of one byte.
std::optional<std::uint64_t> received_of(std::string_view range) {
  if (range.starts_with("bytes=")) range.remove_prefix(6);
  const auto last = number_in(range.substr(std::min(range.find('-') + 1, range.size())));
  if (!range.starts_with("0-") || !last) return std::nullopt;
  return *last == 0 ? 0 : *last + 1;
}

}  // namespace

Reply Reply::of(const net::HttpResponse& response) {
  Reply reply;
  reply.status = response.status;
  reply.location = response.header("location");
  reply.received = received_of(response.header("range"));
  reply.min_chunk = number_in(response.header("oci-chunk-min-length")).value_or(0);
  reply.retry_after = net::retry_after(response);
  reply.digest = response.header("docker-content-digest");
  reply.insufficient_scope =
      response.header("www-authenticate").find("insufficient_scope") != std::string::npos;
  if (response.status < 300) return reply;
  reply.message = failure_text(response);
  if (response.status < 400) return reply;
  const auto json = base::parse_json(response.body.reveal()).value_or(base::Json{});
  const auto& errors = base::member(json, "errors");
  if (errors.is_array() && !errors.empty()) reply.code = base::text_at(errors[0], "code").value_or("");
  return reply;
}

Reply Reply::of(const net::NoAnswer& failure) {
  Reply reply;
  reply.message = failure.what();
  reply.hint = failure.hint();
  reply.is_final = failure.reason() == net::NoAnswer::Reason::final;
  if (const auto* busy = dynamic_cast<const BearerUnavailable*>(&failure))
    reply.retry_after = busy->retry_after();
  return reply;
}

BearerUnavailable::BearerUnavailable(const std::string& host, const net::HttpResponse& response)
    : NoAnswer(Reason::cut_off, host + " failed: " + failure_text(response), base::outage_hint),
      retry_after_(net::retry_after(response)) {}

void throw_if_unavailable(const std::string& host, const net::HttpResponse& response) {
  if (response.status == 408 || response.status == 429 || response.status >= 500)
    throw BearerUnavailable(host, response);
}

void throw_failure(const Reply& reply, const std::string& what) {
  if (RetryState::is_denied(reply)) throw denied(reply, what);
  throw Error(Kind::network, "cannot " + what + ": " + reply.message, reply.is_final ? reply.hint : "");
}

bool RetryState::may_retry(const Reply& reply) {
  return (reply.status == 0 && !reply.is_final) || reply.status == 401 || reply.status == 408 ||
         reply.status == 429 || (reply.status >= 500 && reply.status != 501);
}

bool RetryState::is_denied(const Reply& reply) {
  return reply.status == 403 || reply.code == "DENIED" || reply.code == "NAME_UNKNOWN";
}

RetryState::Backoff RetryState::next_retry(const Reply& reply, Time now, double random,
                                           const std::string& what) {
  if (is_denied(reply) || !may_retry(reply)) throw_failure(reply, what);
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
  const auto longest = std::min(max_wait, first_wait * (1 << std::min(failures_ - 1, 10)));
  // Half of it is random, so that clients do not all retry at the same moment.
  backoff.wait = std::chrono::milliseconds{
      static_cast<std::int64_t>(static_cast<double>(longest.count()) * (0.5 + random / 2))};
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
