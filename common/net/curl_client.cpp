// SPDX-License-Identifier: Apache-2.0
#include "net/curl_client.hpp"

#include <netdb.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/interruption.hpp"
#include "base/loopback.hpp"
#include "base/text.hpp"
#include "net/curl_failure.hpp"
#include "net/curl_trace.hpp"
#include "net/libcurl.hpp"
#include "net/proxy_choice.hpp"
#include "net/url.hpp"

namespace net {
namespace {

constexpr std::chrono::milliseconds connect_timeout{10'000};

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

std::size_t take_header(char* bytes, std::size_t, std::size_t count, void* context) {
  auto& transfer = *static_cast<Transfer*>(context);
  const std::string_view line{bytes, count};
  // Headers of a proxy's answer to CONNECT, or of "100 Continue", come first: keep only those of the last
  // answer.
  if (line.starts_with("HTTP/")) transfer.headers.clear();
  if (const auto colon = line.find(':'); colon != std::string_view::npos) {
    transfer.headers.insert_or_assign(base::to_lower(base::trim(line.substr(0, colon))),
                                      std::string{base::trim(line.substr(colon + 1))});
  }
  return count;
}

int stop_when_interrupted(void*, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return base::was_interrupted() ? 1 : 0;
}

/// A control character in a header could end it, and begin another header or request.
bool has_control_characters(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == 0x7f; });
}

class HeaderList {
public:
  explicit HeaderList(const HttpRequest& request) {
    for (const auto& [name, value] : request.headers) add(name, value);
    if (!request.authorization.empty()) add("Authorization", request.authorization.reveal());
    append("Expect:");  // no pause for "100 Continue" before a body
  }
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;
  ~HeaderList() { curl().slist_free_all(list_); }
  curl_slist* list() const { return list_; }

private:
  void add(const std::string& name, std::string_view value) {
    if (has_control_characters(name) || has_control_characters(value) ||
        name.find(':') != std::string::npos) {
      throw NoAnswer(NoAnswer::Reason::final,
                     "the header '" + base::printable(name, 100) + "' contains control characters",
                     "check the tokens and passwords of the connection for newlines");
    }
    append(base::Secret::join({name, ": ", value, std::string_view{"", 1}}).reveal().data());
  }
  void append(const char* line) {
    curl_slist* longer = curl().slist_append(list_, line);
    if (longer == nullptr) throw base::Error(base::Kind::internal, "no memory for a request");
    list_ = longer;
  }

  curl_slist* list_ = nullptr;
};

void set(void* easy, CURLoption option, auto value) {
  const CURLcode code = curl().easy_setopt(easy, option, value);
  if (code == CURLE_OK) return;
  throw base::Error(base::Kind::config,
                    "libcurl does not support a required option: " + std::string{curl().easy_strerror(code)},
                    "install libcurl 7.85 or newer");
}

/// The token or password at the end of `Bearer <token>`, `Snowflake Token="<token>"` or the like.
base::Secret credential_in(const base::Secret& authorization) {
  auto text = authorization.reveal();
  if (text.ends_with('"')) text.remove_suffix(1);
  return base::Secret{text.substr(text.find_last_of(" \"") + 1)};
}

/// The options of every request.
void set_rules(void* easy, const HttpRequest& request, std::chrono::milliseconds timeout) {
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set(easy, CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  // On a reused connection, libcurl itself sends a request again when no answer arrives.
  set(easy, CURLOPT_FRESH_CONNECT, request.retry_mode == RetryMode::only_if_not_processed ? 1L : 0L);
  set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  set(easy, CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::min(connect_timeout, timeout).count()));
  set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  set(easy, CURLOPT_NOPROGRESS, 0L);
  set(easy, CURLOPT_XFERINFOFUNCTION, &stop_when_interrupted);
  // At a timeout, do not wait for libcurl's resolver thread, which cannot be stopped. libcurl before 7.87
  // does not have this option, and waits.
  curl().easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
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
  set(easy, CURLOPT_HEADERFUNCTION, &take_header);
  set(easy, CURLOPT_HEADERDATA, &transfer);
}

void refuse_unsafe(const UrlParts& url, bool to_metadata_service) {
  const bool stays_here =
      base::is_loopback(url.host) || (to_metadata_service && base::is_metadata_service(url.host));
  if (url.scheme == "https" || (url.scheme == "http" && stays_here)) return;
  throw NoAnswer(NoAnswer::Reason::final, "refused to talk to " + url.host + " without TLS",
                 "use https; plain http is for loopback addresses only");
}

class Resolved {
public:
  Resolved() = default;
  Resolved(const Resolved&) = delete;
  Resolved& operator=(const Resolved&) = delete;
  ~Resolved() { curl().slist_free_all(list_); }

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

CurlFailure failure_of(void* easy, CURLcode code, const std::string& words, const std::string& host,
                       bool by_proxy) {
  // Not CURLINFO_REQUEST_SIZE, which includes the CONNECT request to a proxy.
  curl_off_t ready_to_send = 0;
  curl().easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &ready_to_send);
  // Once an answer has begun, it is not waiting for an approval.
  curl_off_t first_byte = 0;
  curl().easy_getinfo(easy, CURLINFO_STARTTRANSFER_TIME_T, &first_byte);
  long proxy_status = 0;
  curl().easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
  return {code, words, host, ready_to_send > 0 && first_byte == 0, by_proxy, static_cast<int>(proxy_status)};
}

}  // namespace

CurlClient::CurlClient(const base::Environment& environment, const base::Deadline& deadline)
    : environment_(environment), authorities_(environment), deadline_(deadline) {}

CurlClient::~CurlClient() {
  if (easy_ != nullptr) curl().easy_cleanup(easy_);
}

/// Resetting keeps the connection, TLS sessions and DNS cache.
void CurlClient::reset_handle() {
  if (easy_ == nullptr) easy_ = curl().easy_init();
  if (easy_ == nullptr) throw base::Error(base::Kind::internal, "libcurl could not create a handle");
  curl().easy_reset(easy_);
}

HttpResponse CurlClient::send(const HttpRequest& request) {
  base::throw_if_interrupted();
  const auto url = parse_url(request.url);
  refuse_unsafe(url, request.to_metadata_service);
  const auto end = deadline_.within(request.timeout);
  if (end.expired()) {
    throw NoAnswer(NoAnswer::Reason::final, "timed out before the request to " + url.host, "try again");
  }

  reset_handle();
  Transfer transfer;
  transfer.max_bytes = request.max_answer;
  char detail[CURL_ERROR_SIZE] = "";
  const HeaderList headers{request};
  set_rules(easy_, request, end.left());
  set_request(easy_, request, headers);
  set_answer(easy_, transfer, static_cast<char*>(detail));
  const ProxyChoice proxy = proxy_for(environment_, url);
  const bool by_proxy = proxy.serves(url);
  set(easy_, CURLOPT_PROXY, by_proxy ? proxy.url.c_str() : "");
  set(easy_, CURLOPT_NOPROXY, "");
  std::optional<CurlTrace> trace;
  if (request.trace != nullptr) trace.emplace(easy_, url, proxy, *request.trace);

  base::mask_from_now_on(credential_in(request.authorization));
  auto code = static_cast<CURLcode>(authorities_.perform(easy_, end));
  Resolved resolved;
  if (lacks_thread(code, static_cast<const char*>(detail))) {
    // Without a thread, resolve the name here, which may take longer than the timeout.
    set(easy_, CURLOPT_RESOLVE, resolved.resolve(by_proxy ? parse_url(proxy.address()) : url));
    code = static_cast<CURLcode>(authorities_.perform(easy_, end));
  }
  const std::string words = base::printable(proxy.without_login(static_cast<const char*>(detail)));
  if (trace) trace->end(code, words);
  HttpResponse response{0, std::move(transfer.headers), base::Secret{transfer.body}};
  explicit_bzero(transfer.body.data(), transfer.body.size());
  if (code == CURLE_ABORTED_BY_CALLBACK) throw base::Interrupted{};
  if (transfer.too_long) {
    throw NoAnswer(NoAnswer::Reason::final,
                   url.host + " sent more than " + std::to_string(request.max_answer) + " bytes",
                   "this is not what Snowflake sends: check the host and the proxy");
  }
  if (code != CURLE_OK) throw failure_of(easy_, code, words, url.host, by_proxy).to_error();
  long status = 0;
  curl().easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  response.status = static_cast<int>(status);
  return response;
}

}  // namespace net
