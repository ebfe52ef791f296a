// SPDX-License-Identifier: Apache-2.0
#include "net/curl_client.hpp"

#include <netdb.h>

#include <array>
#include <exception>
#include <memory>

#include "base/interruption.hpp"
#include "base/local_address.hpp"
#include "base/masking.hpp"
#include "base/text.hpp"
#include "net/curl_request.hpp"
#include "net/curl_trace.hpp"
#include "net/libcurl.hpp"
#include "net/proxy_choice.hpp"
#include "net/url.hpp"

namespace net {
namespace {

/// Large enough for fast connections with a high latency.
constexpr long upload_buffer = 512L << 10;
/// Larger bodies wait for "100 Continue", so that a refusal arrives before they are sent.
constexpr std::uint64_t max_body_at_once = 1U << 20;
/// The delay for each large body if the server does not support "Expect: 100-continue".
constexpr long wait_for_continue_ms = 300;

/// What a transfer shares with libcurl's callbacks.
struct Transfer {
  const HttpRequest& request;
  void* easy;
  std::uint64_t sent = 0;
  std::string answer = {};
  std::map<std::string, std::string, std::less<>> headers = {};
  bool is_too_long = false;
  std::exception_ptr failure = nullptr;  ///< thrown in a callback; must not pass through libcurl
};

template <typename Function>
std::size_t guarded(Transfer& transfer, std::size_t on_failure, Function function) {
  try {
    return function();
  } catch (...) {
    transfer.failure = std::current_exception();
    return on_failure;
  }
}

std::size_t give_body(char* buffer, std::size_t, std::size_t size, void* context) {
  auto& transfer = *static_cast<Transfer*>(context);
  return guarded(transfer, CURL_READFUNC_ABORT, [&] {
    const auto count = transfer.request.upload->read(transfer.sent, buffer, size);
    transfer.sent += count;
    if (transfer.request.on_sent) transfer.request.on_sent(transfer.sent);
    return count;
  });
}

/// libcurl sends a body again when a reused connection turns out to be dead.
int rewind_body(void* context, curl_off_t offset, int origin) {
  if (origin != SEEK_SET || offset < 0) return CURL_SEEKFUNC_CANTSEEK;
  static_cast<Transfer*>(context)->sent = static_cast<std::uint64_t>(offset);
  return CURL_SEEKFUNC_OK;
}

std::size_t take_answer(char* bytes, std::size_t, std::size_t count, void* context) {
  auto& transfer = *static_cast<Transfer*>(context);
  return guarded(transfer, 0, [&]() -> std::size_t {
    const int status = status_of(transfer.easy);
    if (transfer.request.on_data && status / 100 == 2) {
      transfer.request.on_data(status, {bytes, count});
      return count;
    }
    transfer.is_too_long = transfer.answer.size() + count > transfer.request.max_answer;
    if (transfer.is_too_long) return 0;
    transfer.answer.append(bytes, count);
    return count;
  });
}

/// Stores a header under its name in lower case. A status line clears them: the headers of a proxy's answer
/// to CONNECT, and of "100 Continue", come first.
std::size_t take_header_line(char* bytes, std::size_t, std::size_t count, void* context) {
  auto& headers = static_cast<Transfer*>(context)->headers;
  const std::string_view line{bytes, count};
  if (line.starts_with("HTTP/")) headers.clear();
  if (const auto colon = line.find(':'); colon != std::string_view::npos) {
    headers.insert_or_assign(base::to_lower(base::trim(line.substr(0, colon))),
                             std::string{base::trim(line.substr(colon + 1))});
  }
  return count;
}

/// Throws `NoAnswer` unless the URL is https, or http to a loopback address or, if the request allows it, to
/// the machine's metadata service.
void require_tls(const UrlParts& url, const HttpRequest& request) {
  const bool stays_here =
      base::is_loopback(url.host) || (request.to_metadata_service && base::is_metadata_service(url.host));
  if (url.scheme == "https" || (url.scheme == "http" && stays_here)) return;
  throw NoAnswer(NoAnswer::Reason::final, "refused to talk to " + url.host + " without TLS",
                 "use https; plain http is for loopback addresses only");
}

/// Masks the token or password at the end of `Bearer <token>`, `Snowflake Token="<token>"` or the like in
/// everything that is printed from now on.
void mask_credential_in(const base::Secret& authorization) {
  auto text = authorization.reveal();
  if (text.ends_with('"')) text.remove_suffix(1);
  base::add_mask(base::Secret{text.substr(text.find_last_of(" \"") + 1)});
}

TextList headers_of(const HttpRequest& request) {
  auto headers = request.headers;
  // libcurl removes a header without a value, and would send this one before every body.
  if (request.upload == nullptr || request.upload->size() <= max_body_at_once)
    headers.emplace_back("Expect", "");
  return header_list(headers, request.authorization);
}

void set_body(void* easy, Transfer& transfer) {
  const auto& request = transfer.request;
  set(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  if (request.upload != nullptr) {
    set(easy, CURLOPT_UPLOAD, 1L);
    set(easy, CURLOPT_UPLOAD_BUFFERSIZE, upload_buffer);
    set(easy, CURLOPT_EXPECT_100_TIMEOUT_MS, wait_for_continue_ms);
    set(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request.upload->size()));
    set(easy, CURLOPT_READFUNCTION, &give_body);
    set(easy, CURLOPT_READDATA, &transfer);
    set(easy, CURLOPT_SEEKFUNCTION, &rewind_body);
    set(easy, CURLOPT_SEEKDATA, &transfer);
  } else if (request.method == "HEAD") {
    set(easy, CURLOPT_NOBODY, 1L);
  } else if (request.method != "GET" && request.method != "DELETE") {
    set(easy, CURLOPT_POST, 1L);
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.reveal().size()));
    set(easy, CURLOPT_POSTFIELDS, request.body.empty() ? "" : request.body.reveal().data());
  }
}

void set_answer(void* easy, Transfer& transfer) {
  // `on_data` gets the bytes as they are stored, and HEAD their size.
  if (!transfer.request.on_data && transfer.request.method != "HEAD")
    set(easy, CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
  set(easy, CURLOPT_WRITEFUNCTION, &take_answer);
  set(easy, CURLOPT_WRITEDATA, &transfer);
  set(easy, CURLOPT_HEADERFUNCTION, &take_header_line);
  set(easy, CURLOPT_HEADERDATA, &transfer);
}

/// The addresses of a server for CURLOPT_RESOLVE, resolved in this thread; null when it cannot be resolved.
TextList resolve(const UrlParts& server) {
  TextList list{nullptr, curl().slist_free_all};
  addrinfo hints{};
  hints.ai_flags = AI_ADDRCONFIG;
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(server.host.c_str(), nullptr, &hints, &found) != 0) return list;
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
  list.reset(curl().slist_append(nullptr, line.c_str()));
  return list;
}

/// Whether libcurl could not start its resolver thread.
bool lacks_thread(CURLcode code, std::string_view message) {
  return (code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY) &&
         message.find("thread failed to start") != std::string_view::npos;
}

}  // namespace

CurlClient::CurlClient(const base::Environment& environment, const base::Deadline& deadline,
                       const std::atomic<bool>* stop)
    : environment_(environment), authorities_(environment), deadline_(deadline), stop_(stop) {}

HttpResponse CurlClient::send(const HttpRequest& request) {
  base::throw_if_interrupted();
  const auto url = parse_url(request.url);
  require_tls(url, request);
  const auto end = request.stall_timeout ? deadline_ : deadline_.within(request.timeout);
  if (end.expired()) {
    throw NoAnswer(NoAnswer::Reason::final, "timed out before the request to " + url.host, "try again");
  }

  void* easy = handle_.reset();
  Transfer transfer{request, easy};
  char detail[CURL_ERROR_SIZE] = "";
  const auto headers = headers_of(request);
  set_common_options(easy, end.left());
  if (request.stall_timeout) {
    set(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(request.stall_timeout->count()));
  }
  // On a reused connection, libcurl itself repeats a request when no answer arrives.
  if (request.retry_mode == RetryMode::only_if_not_processed) set(easy, CURLOPT_FRESH_CONNECT, 1L);
  set(easy, CURLOPT_URL, request.url.c_str());
  set(easy, CURLOPT_HTTPHEADER, headers.get());
  set(easy, CURLOPT_ERRORBUFFER, static_cast<char*>(detail));
  set_body(easy, transfer);
  set_answer(easy, transfer);
  const ProxyChoice proxy = proxy_for(environment_, url);
  const bool by_proxy = proxy.applies_to(url);
  set(easy, CURLOPT_PROXY, by_proxy ? proxy.url.c_str() : "");
  set(easy, CURLOPT_NOPROXY, "");
  std::optional<CurlTrace> trace;
  if (request.trace != nullptr) trace.emplace(easy, url, proxy, *request.trace);

  mask_credential_in(request.authorization);
  auto code = static_cast<CURLcode>(authorities_.perform(handle_, end, stop_));
  TextList resolved{nullptr, curl().slist_free_all};
  if (lacks_thread(code, static_cast<const char*>(detail))) {
    // Without a thread, resolve the name here, which may take longer than the timeout.
    resolved = resolve(by_proxy ? parse_url(proxy.address()) : url);
    set(easy, CURLOPT_RESOLVE, resolved.get());
    code = static_cast<CURLcode>(authorities_.perform(handle_, end, stop_));
  }
  const std::string message = base::printable(proxy.without_login(static_cast<const char*>(detail)));
  if (trace) trace->end(code, message);
  HttpResponse response{status_of(easy), std::move(transfer.headers), base::Secret{transfer.answer}};
  explicit_bzero(transfer.answer.data(), transfer.answer.size());
  if (transfer.failure) std::rethrow_exception(transfer.failure);
  if (code == CURLE_ABORTED_BY_CALLBACK) throw base::Interrupted{};
  if (transfer.is_too_long) {
    throw NoAnswer(NoAnswer::Reason::final,
                   url.host + " sent more than " + std::to_string(request.max_answer) + " bytes",
                   "this is not what Snowflake sends: check the host and the proxy");
  }
  if (code != CURLE_OK) throw failure_of(easy, code, message, url, proxy);
  return response;
}

}  // namespace net
