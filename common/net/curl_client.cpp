// SPDX-License-Identifier: Apache-2.0
#include "net/curl_client.hpp"

#include <netdb.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/interruption.hpp"
#include "base/loopback.hpp"
#include "base/text.hpp"
#include "net/curl_request.hpp"
#include "net/curl_trace.hpp"
#include "net/libcurl.hpp"
#include "net/proxy_choice.hpp"
#include "net/url.hpp"

namespace net {
namespace {

/// The state of a running transfer.
struct Transfer {
  std::string body;
  std::map<std::string, std::string, std::less<>> headers;
  std::size_t max_bytes = 0;
  bool too_long = false;
};

std::size_t take_body(char* bytes, std::size_t, std::size_t count, void* context) {
  auto& transfer = *static_cast<Transfer*>(context);
  if (transfer.body.size() + count > transfer.max_bytes) {
    transfer.too_long = true;
    return 0;
  }
  transfer.body.append(bytes, count);
  return count;
}

std::size_t take_header_line(char* bytes, std::size_t, std::size_t count, void* context) {
  add_header_line(static_cast<Transfer*>(context)->headers, {bytes, count});
  return count;
}

void set_options(void* easy, const HttpRequest& request, std::chrono::milliseconds timeout) {
  set_common_options(easy, timeout);
  // On a reused connection, libcurl itself repeats a request when no answer arrives.
  set(easy, CURLOPT_FRESH_CONNECT, request.retry_mode == RetryMode::only_if_not_processed ? 1L : 0L);
}

void set_request(void* easy, const HttpRequest& request, const HeaderList& headers) {
  set(easy, CURLOPT_URL, request.url.c_str());
  set(easy, CURLOPT_HTTPHEADER, headers.list());
  if (request.method == "POST") {
    set(easy, CURLOPT_POST, 1L);
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.reveal().size()));
    set(easy, CURLOPT_POSTFIELDS, request.body.empty() ? "" : request.body.reveal().data());
  } else if (request.method != "GET") {
    set(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
}

/// Where the answer goes; `detail` gets libcurl's error message.
void set_answer(void* easy, Transfer& transfer, char* detail) {
  set(easy, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
  set(easy, CURLOPT_ERRORBUFFER, detail);
  set(easy, CURLOPT_WRITEFUNCTION, &take_body);
  set(easy, CURLOPT_WRITEDATA, &transfer);
  set(easy, CURLOPT_HEADERFUNCTION, &take_header_line);
  set(easy, CURLOPT_HEADERDATA, &transfer);
}

/// The addresses of a host, resolved in this thread.
class ResolvedHost {
public:
  ResolvedHost() = default;
  ResolvedHost(const ResolvedHost&) = delete;
  ResolvedHost& operator=(const ResolvedHost&) = delete;
  ~ResolvedHost() { curl().slist_free_all(list_); }

  /// The addresses of a server for CURLOPT_RESOLVE; null when it cannot be resolved.
  curl_slist* resolve(const UrlParts& server) {
    addrinfo hints{};
    hints.ai_flags = AI_ADDRCONFIG;
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(server.host.c_str(), nullptr, &hints, &found) != 0) return nullptr;
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner{found, &::freeaddrinfo};
    std::string line = server.host + ":" + std::to_string(server.port) + ":";
    for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
      std::array<char, 64> address{};
      if (getnameinfo(each->ai_addr, each->ai_addrlen, address.data(), address.size(), nullptr, 0,
                      NI_NUMERICHOST) != 0)
        continue;
      if (line.back() != ':') line += ',';
      line += each->ai_family == AF_INET6 ? "[" + std::string{address.data()} + "]" : address.data();
    }
    list_ = curl().slist_append(nullptr, line.c_str());
    return list_;
  }

private:
  curl_slist* list_ = nullptr;
};

/// Whether libcurl could not start its resolver thread.
bool lacks_thread(CURLcode code, std::string_view message) {
  return (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY) &&
         message.find("thread failed to start") != std::string_view::npos;
}

}  // namespace

CurlClient::CurlClient(const base::Environment& environment, const base::Deadline& deadline)
    : environment_(environment), authorities_(environment), deadline_(deadline) {}

HttpResponse CurlClient::send(const HttpRequest& request) {
  base::throw_if_interrupted();
  const auto url = parse_url(request.url);
  require_tls(url, request.to_metadata_service);
  const auto end = deadline_.within(request.timeout);
  if (end.expired()) {
    throw NoAnswer(NoAnswer::Reason::final, "timed out before the request to " + url.host, "try again");
  }

  void* easy = handle_.reset();
  Transfer transfer;
  transfer.max_bytes = request.max_answer;
  char detail[CURL_ERROR_SIZE] = "";
  HeaderList headers{request.headers, request.authorization};
  headers.send_body_at_once();
  set_options(easy, request, end.left());
  set_request(easy, request, headers);
  set_answer(easy, transfer, static_cast<char*>(detail));
  const ProxyChoice proxy = set_proxy(easy, environment_, url);
  const bool by_proxy = proxy.applies_to(url);
  std::optional<CurlTrace> trace;
  if (request.trace != nullptr) trace.emplace(easy, url, proxy, *request.trace);

  mask_credential_in(request.authorization);
  auto code = static_cast<CURLcode>(authorities_.perform(handle_, end));
  ResolvedHost resolved;
  if (lacks_thread(code, static_cast<const char*>(detail))) {
    // Without a thread, resolve the name here, which may take longer than the timeout.
    set(easy, CURLOPT_RESOLVE, resolved.resolve(by_proxy ? parse_url(proxy.address()) : url));
    code = static_cast<CURLcode>(authorities_.perform(handle_, end));
  }
  const std::string message = base::printable(proxy.without_login(static_cast<const char*>(detail)));
  if (trace) trace->end(code, message);
  HttpResponse response{0, std::move(transfer.headers), base::Secret{transfer.body}};
  explicit_bzero(transfer.body.data(), transfer.body.size());
  if (code == CURLE_ABORTED_BY_CALLBACK) throw base::Interrupted{};
  if (transfer.too_long) {
    throw NoAnswer(NoAnswer::Reason::final,
                   url.host + " sent more than " + std::to_string(request.max_answer) + " bytes",
                   "this is not what Snowflake sends: check the host and the proxy");
  }
  if (code != CURLE_OK) throw failure_of(easy, code, message, url, proxy);
  response.status = status_of(easy);
  return response;
}

}  // namespace net
