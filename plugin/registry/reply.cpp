// SPDX-License-Identifier: Apache-2.0
#include "registry/reply.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "net/retry.hpp"

namespace plugin::registry {
namespace {

using base::Error;
using base::Kind;

/// Of the text in a response, in bytes.
constexpr std::size_t max_message = 200;

std::optional<std::uint64_t> number_in(std::string_view text) {
  const auto number = base::whole_number(text);
  if (!number || *number < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*number);
}

/// `0-499`, or with `bytes=` in front of it. Registries send `0-0` for no bytes as well as for one; no client
/// sends chunks of one byte.
std::optional<std::uint64_t> received_of(std::string_view range) {
  if (range.starts_with("bytes=")) range.remove_prefix(6);
  const auto last = number_in(range.substr(std::min(range.find('-') + 1, range.size())));
  if (!range.starts_with("0-") || !last) return std::nullopt;
  return *last == 0 ? 0 : *last + 1;
}

/// The first error in the body of a response; null when it has none.
base::Json first_error_in(const net::HttpResponse& response) {
  const auto json = base::parse_json(response.body.reveal()).value_or(base::Json{});
  const auto& errors = base::member(json, "errors");
  return errors.is_array() && !errors.empty() ? errors[0] : base::Json{};
}

}  // namespace

std::string failure_text(const net::HttpResponse& response) {
  const std::string status = "HTTP status " + std::to_string(response.status);
  if (const auto message = base::text_at(first_error_in(response), "message"))
    return status + ", " + base::printable(*message, max_message);
  const auto body = base::trim(response.body.reveal());
  // Neither HTML nor JSON is meant for users.
  const bool is_sentence =
      !body.empty() && std::string_view{"<[{"}.find(body.front()) == std::string_view::npos;
  return is_sentence ? status + ", " + base::printable(body, max_message) : status;
}

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
  if (response.status >= 400) reply.code = base::text_at(first_error_in(response), "code").value_or("");
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
  if (net::is_transient(response.status)) throw BearerUnavailable(host, response);
}

Error denied(const Reply& reply, const std::string& what) {
  return {Kind::denied, "the registry denied the request to " + what + ": " + reply.message};
}

void throw_failure(const Reply& reply, const std::string& what) {
  if (reply.is_denied()) throw denied(reply, what);
  const auto reason =
      reply.message.empty() ? "unexpected HTTP status " + std::to_string(reply.status) : reply.message;
  throw Error(Kind::network, "cannot " + what + ": " + reason,
              reply.is_final || reply.is_elsewhere ? reply.hint : "");
}

bool Reply::may_retry() const {
  return status == 0 ? !is_final
                     : (status == 401 && !is_elsewhere) || (net::is_transient(status) && status != 501);
}

bool Reply::is_denied() const {
  return !is_elsewhere && (status == 403 || code == "DENIED" || code == "NAME_UNKNOWN");
}

}  // namespace plugin::registry
