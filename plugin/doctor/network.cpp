// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "config/account.hpp"
#include "doctor/checks.hpp"
#include "time_text.hpp"

namespace plugin::doctor {
namespace {

using net::Trace;

/// More is more than a slow network explains, and a JWT may be refused (`snowflake/PROTOCOL.md` 3.3).
constexpr std::chrono::seconds noticeable_skew{30};
/// More kills JWTs, and has tokens end before their time.
constexpr std::chrono::minutes harmful_skew{5};

/// The one that stopped at this step, if any did.
const Probe* stopped_at(const Examination& examination, Trace::Step step) {
  const auto found = std::ranges::find_if(examination.probes,
                                          [step](const Probe& probe) { return probe.trace.broken == step; });
  return found == examination.probes.end() ? nullptr : &*found;
}

const Probe* by_proxy(const Examination& examination) {
  const auto found =
      std::ranges::find_if(examination.probes, [](const Probe& probe) { return !probe.trace.proxy.empty(); });
  return found == examination.probes.end() ? nullptr : &*found;
}

/// What each of the hosts has to say, if it says anything.
template <typename Sentence>
std::string of_all(const Examination& examination, const Sentence& sentence) {
  std::vector<std::string> pieces;
  for (const auto& probe : examination.probes) {
    auto piece = sentence(probe);
    if (!piece.empty() && std::ranges::find(pieces, piece) == pieces.end())
      pieces.push_back(std::move(piece));
  }
  return base::join(pieces, "; ");
}

void probe_hosts(Examination& examination) {
  const auto add = [&](const std::string& host, const std::string& url) {
    const auto& context = examination.context;
    examination.probes.push_back(probe(host, url, context.environment, context.clock, examination.deadline));
  };
  if (examination.connection) {
    const auto account = config::account_of(*examination.connection);
    const std::string port = ":" + std::to_string(account.port);
    add(account.host + (account.port == 443 ? "" : port),
        account.protocol + "://" + account.host + port + "/");
  }
  if (examination.host) add(examination.host->name(), "https://" + examination.host->name() + "/v2/");
}

std::string day(base::TimePoint time) {
  const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(time)};
  const auto two = [](unsigned number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return std::to_string(static_cast<int>(date.year())) + "-" + two(static_cast<unsigned>(date.month())) +
         "-" + two(static_cast<unsigned>(date.day()));
}

Finding untrusted(const Probe& probe, base::TimePoint now) {
  const auto& trace = probe.trace;
  const std::string issuer = trace.issuer.empty() ? "an unknown authority" : "'" + trace.issuer + "'";
  const std::string certificate = "the certificate of " + probe.host + ", issued by " + issuer + ", ";
  switch (trace.trust) {
    case Trace::Trust::unknown_authority:
      return broken(
          certificate + "is of an authority that this machine does not trust: as from a proxy that opens TLS",
          "have its certificate added to this machine's authorities, or name its file in SSL_CERT_FILE");
    case Trace::Trust::expired:
      return broken(
          certificate + "expired on " + trace.expires + ", and this machine's clock says " + day(now),
          "set the clock if it is wrong (timedatectl); else whoever runs the host, or the proxy, has to "
          "renew it");
    case Trace::Trust::not_yet_valid:
      return broken(certificate + "is not valid yet, and this machine's clock says " + day(now),
                    "set the clock of this machine: timedatectl");
    case Trace::Trust::other_host:
      return broken(certificate + "is for another host",
                    "check the account's spelling, host in the connection, and the DNS of your network");
    default:
      return broken("TLS with " + probe.host + " fails: " + trace.words,
                    "check proxies and firewalls, and SSL_CERT_FILE if it is set");
  }
}

}  // namespace

Finding look_at_host(Examination& examination) {
  if (!examination.host) return skipped("it is not known which registry is meant");
  const auto& host = *examination.host;
  const auto written = examination.written_host;
  if (!host.account_label().empty() && host.account_label().find('-') == std::string_view::npos) {
    return broken(host.name() + " is made of an account's locator, which registries are not called by",
                  "SELECT CURRENT_ORGANIZATION_NAME() || '-' || CURRENT_ACCOUNT_NAME(), and use that");
  }
  if (written && *written != host.name() && written->find("://") == std::string::npos) {
    return broken("Docker does not find '" + base::printable(*written, 200) +
                      "': registries are spelled with small letters, and with - for _",
                  "write " + host.name());
  }
  return good(host.name());
}

Finding look_at_names(Examination& examination) {
  probe_hosts(examination);
  if (examination.probes.empty()) return skipped("no host is known");
  if (const auto* probe = stopped_at(examination, Trace::Step::name)) {
    return broken("the name " + probe->host + " is not known to DNS (" + probe->trace.words + ")",
                  "check the account's name in the connection, the VPN, and 'getent hosts " +
                      probe->host.substr(0, probe->host.find(':')) + "'");
  }
  if (by_proxy(examination)) return good("names are looked up by the proxy");
  return good(of_all(examination, [](const Probe& probe) { return probe.host + " is known"; }));
}

Finding look_at_connecting(Examination& examination) {
  if (examination.probes.empty()) return skipped("no host is known");
  if (const auto* probe = stopped_at(examination, Trace::Step::connection)) {
    return broken(
        "no connection to " + probe->host + ": " + probe->trace.words,
        "check the network, the VPN and the firewall, and whether a proxy is to be used (https_proxy)");
  }
  if (by_proxy(examination)) return good("connections are made by the proxy");
  return good(of_all(examination, [](const Probe& probe) { return "connected to " + probe.trace.address; }));
}

Finding look_at_proxy(Examination& examination) {
  const auto* used = by_proxy(examination);
  if (const auto* probe = stopped_at(examination, Trace::Step::proxy)) {
    const auto& trace = probe->trace;
    const std::string proxy = "the proxy " + trace.proxy + " (" + trace.proxy_variable + ") ";
    if (trace.proxy_status == 407) {
      return broken(proxy + "wants a user name and a password, or others than it was given (407)",
                    "write them into " + trace.proxy_variable + ": http://<user>:<password>@" + trace.proxy);
    }
    if (trace.proxy_status != 0) {
      return broken(
          proxy + "refuses to connect to " + probe->host + " (" + std::to_string(trace.proxy_status) + ")",
          "have the proxy allow it, or put it into no_proxy if it can be reached without");
    }
    return broken(proxy + "cannot be used: " + trace.words, "correct or unset " + trace.proxy_variable);
  }
  if (used == nullptr) return good("none is used");
  return good(used->trace.proxy + " (" + used->trace.proxy_variable + ")");
}

Finding look_at_certificates(Examination& examination) {
  if (examination.probes.empty()) return skipped("no host is known");
  if (const auto* probe = stopped_at(examination, Trace::Step::tls))
    return untrusted(*probe, examination.context.clock.now());
  if (const auto* probe = stopped_at(examination, Trace::Step::answer)) {
    return broken(probe->host + " does not answer: " + probe->trace.words,
                  "try again; https://status.snowflake.com tells about outages");
  }
  const auto issuers = of_all(examination, [](const Probe& probe) { return probe.trace.issuer; });
  return good(issuers.empty() ? "the certificates are trusted" : "trusted, issued by " + issuers);
}

Finding look_at_clock(Examination& examination) {
  const auto dated =
      std::ranges::find_if(examination.probes, [](const Probe& probe) { return probe.date.has_value(); });
  if (dated == examination.probes.end()) return skipped("no answer says what time it is");
  const auto skew = dated->asked_at - *dated->date;
  const auto size = std::chrono::abs(skew);
  if (size < noticeable_skew) return good("right to within half a minute");
  const std::string sentence = "this machine's clock is " + in_words(size) + " " +
                               (skew > skew.zero() ? "ahead of " : "behind ") + dated->host + "'s";
  const std::string next = "set it: timedatectl set-ntp true";
  return size < harmful_skew ? odd(sentence, next) : broken(sentence, next);
}

}  // namespace plugin::doctor
