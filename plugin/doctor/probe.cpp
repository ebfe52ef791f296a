// SPDX-License-Identifier: Apache-2.0
#include "doctor/probe.hpp"

#include "net/curl_client.hpp"
#include "net/url.hpp"

namespace plugin::doctor {
namespace {

constexpr std::chrono::seconds probe_timeout{10};

}  // namespace

Probe probe(const std::string& host, const std::string& url, const base::Environment& environment,
            base::Clock& clock, const base::Deadline& deadline) {
  Probe result{host, {}, clock.now(), std::nullopt};
  net::CurlClient client{environment, deadline};
  net::HttpRequest request;
  request.url = url;
  request.timeout = probe_timeout;
  request.trace = &result.trace;
  try {
    const auto response = client.send(request);
    if (const auto date = response.headers.find("date"); date != response.headers.end())
      result.date = net::parse_http_date(date->second);
  } catch (const net::NoAnswer& error) {
    // The trace tells which step it was. An answer that made no sense to libcurl still came from somebody.
    if (!result.trace.broken && result.trace.address.empty()) {
      result.trace.broken = net::Trace::Step::connection;
      result.trace.words = error.what();
    }
  }
  return result;
}

}  // namespace plugin::doctor
