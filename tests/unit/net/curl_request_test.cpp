// SPDX-License-Identifier: Apache-2.0
#include "net/curl_request.hpp"

#include "support/catch.hpp"
#include "support/fakes.hpp"

using Reason = net::NoAnswer::Reason;

TEST_CASE("how far a request got decides whether it may be sent again") {
  const auto reason = [](CURLcode code, bool sent) {
    return net::CurlFailure{code, "words", "a.example", sent}.to_error().reason();
  };
  CHECK(reason(CURLE_COULDNT_RESOLVE_HOST, false) == Reason::not_sent);
  CHECK(reason(CURLE_COULDNT_CONNECT, false) == Reason::not_sent);
  CHECK(reason(CURLE_OPERATION_TIMEDOUT, true) == Reason::too_slow);
  CHECK(reason(CURLE_OPERATION_TIMEDOUT, false) == Reason::cut_off);
  CHECK(reason(CURLE_RECV_ERROR, true) == Reason::cut_off);
  CHECK(reason(CURLE_PEER_FAILED_VERIFICATION, false) == Reason::final);
  CHECK(reason(CURLE_UNSUPPORTED_PROTOCOL, false) == Reason::final);
}

TEST_CASE("a proxy that does not connect is distinguished from the server") {
  const net::ProxyChoice proxy{"http://joe:pw@proxy.example:3128", "https_proxy", ""};
  const auto answered = [&](int status, bool by_proxy) {
    return net::CurlFailure{
        CURLE_RECV_ERROR, "words", "a.example", false, by_proxy ? proxy : net::ProxyChoice{}, status}
        .to_error();
  };
  CHECK(fakes::contains(answered(407, true).what(),
                        "the proxy proxy.example:3128 (https_proxy) requires a user name"));
  CHECK(answered(407, true).hint() == "set https_proxy to http://<user>:<password>@proxy.example:3128");
  CHECK(fakes::contains(answered(403, true).what(),
                        "the proxy proxy.example:3128 (https_proxy) does not connect to a.example (403)"));
  CHECK(answered(403, true).reason() == Reason::final);
  CHECK(answered(503, true).reason() == Reason::not_sent);
  CHECK(fakes::contains(answered(200, true).what(), "the connection to a.example was interrupted"));
  CHECK(fakes::contains(answered(403, false).what(), "the connection to a.example was interrupted"));
}

TEST_CASE("a failure has the host, libcurl's message and a next step") {
  const auto error =
      net::CurlFailure{CURLE_COULDNT_CONNECT, "refused\x1b[31m", "a.example", false, {"p:1", "ALL_PROXY", ""}}
          .to_error();
  CHECK(std::string{error.what()} ==
        "could not connect to a.example through the proxy p:1 (ALL_PROXY): refused [31m");
  CHECK(fakes::contains(error.hint(), "ALL_PROXY"));
  const net::ProxyChoice own{"http://p:1", net::proxy_of_connection, ""};
  const auto refused = net::CurlFailure{CURLE_RECV_ERROR, "words", "a.example", false, own, 407}.to_error();
  CHECK(fakes::contains(refused.what(), "the proxy p:1 (proxy_host of the connection)"));
  CHECK(refused.hint() == "set proxy_user and proxy_password in the connection");
  const auto untrusted =
      net::CurlFailure{CURLE_PEER_FAILED_VERIFICATION, "self-signed", "a.example"}.to_error();
  CHECK(fakes::contains(untrusted.hint(), "SSL_CERT_FILE"));
  const auto old =
      net::CurlFailure{CURLE_PEER_FAILED_VERIFICATION, "certificate is not yet valid", "a.example"};
  CHECK(fakes::contains(old.to_error().hint(), "date and time of this machine"));
  const auto other =
      net::CurlFailure{CURLE_UNSUPPORTED_PROTOCOL, "Received HTTP/0.9 when not allowed", "a.example"};
  CHECK(fakes::contains(other.to_error().hint(), "another server may answer there"));
}
