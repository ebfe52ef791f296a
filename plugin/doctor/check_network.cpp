// SPDX-License-Identifier: Apache-2.0
#include "config/account.hpp"
#include "doctor/checks.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "config/connection.hpp"
#include "net/curl_client.hpp"
#include "net/url.hpp"
#include "output/units.hpp"
#include "snowflake/connection_client.hpp"

namespace plugin::doctor {
namespace {

using net::Trace;

/// A slow network does not explain a larger difference; Snowflake may refuse a JWT.
constexpr std::chrono::seconds noticeable_skew{30};
/// With a larger difference, Snowflake refuses JWTs, and tokens expire too early.
constexpr std::chrono::minutes harmful_skew{5};

constexpr std::chrono::seconds probe_timeout{10};

/// Asks `url` once, by the proxy of the connection if it has one.
Probe probe(const std::string& host, const std::string& url, const CheckContext& context) {
  Probe result{host, {}, std::nullopt, context.clock.now(), std::nullopt};
  const auto environment = context.connection
                               ? snowflake::with_proxy_of(*context.connection, context.environment)
                               : context.environment;
  net::CurlClient client{environment, context.deadline};
  net::HttpRequest request;
  request.url = url;
  request.timeout = probe_timeout;
  request.trace = &result.trace;
  try {
    const auto response = client.send(request);
    if (const auto date = response.header("date"); !date.empty()) result.date = net::parse_http_date(date);
  } catch (const net::NoAnswer& error) {
    result.failure = error;
    // The trace shows which step it was. An answer that libcurl could not read still came from a server.
    if (!result.trace.failed_step && result.trace.address.empty()) {
      result.trace.failed_step = net::Trace::Step::connection;
      result.trace.message = error.what();
    }
  }
  return result;
}

/// The same message as in every other command; only for a probe that failed.
Finding failure_of(const Probe& probe) { return failed(probe.failure->what(), probe.failure->hint()); }

/// The probe that stopped at this step, if any did.
const Probe* stopped_at(const CheckContext& context, Trace::Step step) {
  const auto found = std::ranges::find_if(
      context.probes, [step](const Probe& probe) { return probe.trace.failed_step == step; });
  return found == context.probes.end() ? nullptr : &*found;
}

const Probe* by_proxy(const CheckContext& context) {
  const auto found =
      std::ranges::find_if(context.probes, [](const Probe& probe) { return !probe.trace.proxy.empty(); });
  return found == context.probes.end() ? nullptr : &*found;
}

/// The different sentences about the hosts, joined.
template <typename Sentence>
std::string joined_of_hosts(const CheckContext& context, const Sentence& sentence) {
  std::vector<std::string> pieces;
  for (const auto& probe : context.probes) {
    auto piece = sentence(probe);
    if (!piece.empty() && std::ranges::find(pieces, piece) == pieces.end())
      pieces.push_back(std::move(piece));
  }
  return base::join(pieces, "; ");
}

void probe_hosts(CheckContext& context) {
  const auto add = [&](const std::string& host, const std::string& url) {
    context.probes.push_back(probe(host, url, context));
  };
  if (context.connection) {
    const auto account = config::account_of(*context.connection);
    const std::string port = ":" + std::to_string(account.port);
    add(account.host + (account.port == 443 ? "" : port),
        account.protocol + "://" + account.host + port + "/");
  }
  if (context.host) add(context.host->name(), "https://" + context.host->name() + "/v2/");
}

Finding untrusted(const Probe& probe, base::TimePoint now) {
  const auto& trace = probe.trace;
  const std::string today = output::iso_time(now).substr(0, std::string_view{"2026-11-28"}.size());
  const std::string issuer = trace.issuer.empty() ? "an unknown authority" : "'" + trace.issuer + "'";
  const std::string certificate = "the certificate of " + probe.host + ", issued by " + issuer + ", ";
  switch (trace.trust) {
    case Trace::Trust::unknown_authority:
      return failed(certificate +
                        "is from an authority that this machine does not trust, such as that of a proxy that "
                        "intercepts TLS",
                    probe.failure->hint());
    case Trace::Trust::expired:
      return failed(certificate + "expired on " + trace.expires + ", and this machine's clock says " + today,
                    "set the clock if it is wrong (timedatectl); else the host or the proxy must renew "
                    "it");
    case Trace::Trust::not_yet_valid:
      return failed(certificate + "is not valid yet, and this machine's clock says " + today,
                    "set the clock of this machine: timedatectl");
    case Trace::Trust::other_host:
      return failed(certificate + "is for another host",
                    "check the account's spelling, host in the connection, and the DNS of your network");
    default:
      return failed("the TLS handshake with " + probe.host + " failed: " + trace.message,
                    probe.failure->hint());
  }
}

}  // namespace

std::string how_to_check_account(const config::Connection& connection) {
  // What determines the address, the strongest last.
  std::string key = "account";
  for (const char* address : {"region", "host"}) {
    if (connection.has(address)) key = address;
  }
  const auto origin = connection.origins.find(key);
  const std::string where = origin == connection.origins.end() ? "the connection" : origin->second;
  const std::string value = base::printable(connection.text(key), 200);
  const bool is_file = where.find('/') != std::string::npos;
  return "check " + (is_file ? key + " = \"" + value + "\" in " + where : where + ", which is " + value);
}

Finding check_dns(CheckContext& context) {
  probe_hosts(context);
  if (context.probes.empty()) return skipped("no host is known");
  if (const auto* probe = stopped_at(context, Trace::Step::name)) {
    auto failure = failure_of(*probe);
    if (context.connection) failure.next = how_to_check_account(*context.connection) + ", and the network";
    return failure;
  }
  if (by_proxy(context)) return ok("names are looked up by the proxy");
  return ok(joined_of_hosts(context, [](const Probe& probe) { return probe.host + " resolves"; }));
}

Finding check_tcp(CheckContext& context) {
  if (context.probes.empty()) return skipped("no host is known");
  if (const auto* probe = stopped_at(context, Trace::Step::connection)) return failure_of(*probe);
  if (by_proxy(context)) return ok("connections are made by the proxy");
  return ok(
      joined_of_hosts(context, [](const Probe& probe) { return "connected to " + probe.trace.address; }));
}

Finding check_proxy(CheckContext& context) {
  if (context.probes.empty()) return skipped("no host is known");
  const auto* used = by_proxy(context);
  if (const auto* probe = stopped_at(context, Trace::Step::proxy)) return failure_of(*probe);
  if (used == nullptr) return ok("no proxy is used");
  return ok(used->trace.proxy + " (" + used->trace.proxy_variable + ")");
}

Finding check_tls(CheckContext& context) {
  if (context.probes.empty()) return skipped("no host is known");
  if (const auto* probe = stopped_at(context, Trace::Step::tls))
    return untrusted(*probe, context.clock.now());
  if (const auto* probe = stopped_at(context, Trace::Step::answer)) return failure_of(*probe);
  const auto issuers = joined_of_hosts(context, [](const Probe& probe) { return probe.trace.issuer; });
  return ok(issuers.empty() ? "the certificates are trusted" : "trusted, issued by " + issuers);
}

Finding check_clock(CheckContext& context) {
  const auto dated =
      std::ranges::find_if(context.probes, [](const Probe& probe) { return probe.date.has_value(); });
  if (dated == context.probes.end()) return skipped("no answer says what time it is");
  const auto skew = dated->asked_at - *dated->date;
  const auto size = std::chrono::abs(skew);
  if (size < noticeable_skew) return ok("right to within half a minute");
  const std::string sentence = "this machine's clock is " + base::duration_in_words(size) + " " +
                               (skew > skew.zero() ? "ahead of " : "behind ") + dated->host + "'s";
  const std::string next = "set it: timedatectl set-ntp true";
  return size < harmful_skew ? warning(sentence, next) : failed(sentence, next);
}

}  // namespace plugin::doctor
