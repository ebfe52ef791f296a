// SPDX-License-Identifier: Apache-2.0
#include "registry/persistence.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"
#include "registry/client.hpp"

namespace plugin::registry {
namespace {

using base::Error;
using base::Kind;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds first_wait = 1s;
constexpr std::chrono::milliseconds max_wait = 30s;
constexpr int max_refusals = 5;

std::string header_of(const net::HttpResponse& response, const char* name) {
  const auto found = response.headers.find(name);
  return found == response.headers.end() ? "" : found->second;
}

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

/// Seconds; a date is ignored, since it would depend on both clocks (RFC 9110, 10.2.3).
std::optional<std::chrono::seconds> retry_after_of(const net::HttpResponse& response) {
  const auto seconds = number_in(header_of(response, "retry-after"));
  if (!seconds) return std::nullopt;
  return std::chrono::seconds{std::min<std::uint64_t>(*seconds, 3600)};
}

/// `0-499`, or with `bytes=` in front of it. `0-0` is what a registry says of nothing as well as of one byte;
/// no client sends chunks of one byte.
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
  reply.location = header_of(response, "location");
  reply.received = received_of(header_of(response, "range"));
  reply.min_chunk = number_in(header_of(response, "oci-chunk-min-length")).value_or(0);
  reply.retry_after = retry_after_of(response);
  reply.digest = header_of(response, "docker-content-digest");
  reply.insufficient_scope =
      header_of(response, "www-authenticate").find("insufficient_scope") != std::string::npos;
  if (response.status < 300) return reply;
  reply.words = words_of(response);
  if (response.status < 400) return reply;
  const auto json = base::parse_json(response.body.reveal()).value_or(base::Json{});
  const auto& errors = base::member(json, "errors");
  if (errors.is_array() && !errors.empty()) reply.code = base::text_at(errors[0], "code").value_or("");
  return reply;
}

Reply Reply::of(const net::NoAnswer& failure) {
  Reply reply;
  reply.words = failure.what();
  reply.hint = failure.hint();
  reply.is_final = failure.reason() == net::NoAnswer::Reason::final;
  if (const auto* busy = dynamic_cast<const NoBearerNow*>(&failure)) reply.retry_after = busy->retry_after();
  return reply;
}

NoBearerNow::NoBearerNow(const std::string& host, const net::HttpResponse& response)
    : NoAnswer(Reason::cut_off, host + " failed: " + words_of(response), base::outage_hint),
      retry_after_(retry_after_of(response)) {}

bool NoBearerNow::is(const net::HttpResponse& response) {
  return response.status == 408 || response.status == 429 || response.status >= 500;
}

bool Persistence::may_pass(const Reply& reply) {
  return (reply.status == 0 && !reply.is_final) || reply.status == 401 || reply.status == 408 ||
         reply.status == 429 || (reply.status >= 500 && reply.status != 501);
}

bool Persistence::is_denied(const Reply& reply) {
  return reply.status == 403 || reply.code == "DENIED" || reply.code == "NAME_UNKNOWN";
}

Persistence::Pause Persistence::after(const Reply& reply, Time now, double random, const std::string& what) {
  if (is_denied(reply))
    throw Error(Kind::denied, "the registry denied the request to " + what + ": " + reply.words);
  if (!may_pass(reply))
    throw Error(Kind::network, "cannot " + what + ": " + reply.words, reply.is_final ? reply.hint : "");
  if (!std::exchange(is_failing_, true)) standstill_since_ = now;
  if (now - standstill_since_ >= max_standstill + requested_wait_) {
    throw Error(Kind::network,
                "cannot " + what + ": nothing moved for 5 minutes; the last answer was: " + reply.words);
  }
  Pause pause;
  if (reply.status == 401) {
    ++refusals_;
    if (reply.insufficient_scope && refusals_ > 2)
      throw Error(Kind::denied, "the registry denied the request to " + what + ": " + reply.words);
    if (refusals_ > max_refusals) {
      throw Error(Kind::denied, "cannot " + what + ": the registry refuses every token: " + reply.words);
    }
    pause.renewal = refusals_ % 2 == 1 ? Renewal::bearer : Renewal::session_token;
    if (refusals_ > 1) pause.wait = first_wait * (1 << (refusals_ - 2));
    return pause;
  }
  ++failures_;
  // A refused token looks like a broken connection when the registry closes it while a body is on its way.
  if (reply.status == 0) pause.renewal = Renewal::bearer;
  const auto longest = std::min(max_wait, first_wait * (1 << std::min(failures_ - 1, 10)));
  // Half of it is random, so that many clients do not come back at once.
  pause.wait = std::chrono::milliseconds{
      static_cast<std::int64_t>(static_cast<double>(longest.count()) * (0.5 + random / 2))};
  if (reply.retry_after) {
    pause.wait = std::max<std::chrono::milliseconds>(*reply.retry_after, pause.wait);
    requested_wait_ = std::min<std::chrono::milliseconds>(requested_wait_ + pause.wait, max_requested_wait);
  }
  return pause;
}

void Persistence::progress() {
  is_failing_ = false;
  requested_wait_ = {};
  failures_ = 0;
  refusals_ = 0;
}

}  // namespace plugin::registry
