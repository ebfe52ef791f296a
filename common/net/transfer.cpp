// SPDX-License-Identifier: Apache-2.0
#include "net/transfer.hpp"

#include <algorithm>
#include <optional>

#include "base/interruption.hpp"
#include "base/text.hpp"
#include "net/curl_request.hpp"

namespace net {
namespace {

constexpr std::chrono::hours no_timeout{24 * 365};
constexpr std::size_t max_answer = 16U << 20;
/// Large enough for fast connections with a high latency.
constexpr long upload_buffer = 512L << 10;
/// Smaller bodies are sent without waiting for "100 Continue".
constexpr std::uint64_t max_body_at_once = 1U << 20;
/// The delay for each chunk if the server does not support "Expect: 100-continue".
constexpr long wait_for_continue_ms = 300;

/// The state that a transfer shares with libcurl's callbacks.
struct Progress {
  const TransferRequest& request;
  void* easy = nullptr;
  std::uint64_t sent = 0;
  std::string answer;
  std::map<std::string, std::string, std::less<>> headers;
  bool too_long = false;
  std::exception_ptr failure;  ///< thrown in a callback; must not pass through libcurl
};

template <typename Function>
auto guarded(Progress& progress, Function function, decltype(function()) on_failure) {
  try {
    return function();
  } catch (...) {
    progress.failure = std::current_exception();
    return on_failure;
  }
}

std::size_t give_body(char* buffer, std::size_t, std::size_t size, void* context) {
  auto& progress = *static_cast<Progress*>(context);
  return guarded(
      progress,
      [&]() -> std::size_t {
        const auto count = progress.request.body->read(progress.sent, buffer, size);
        progress.sent += count;
        if (progress.request.on_sent) progress.request.on_sent(progress.sent);
        return count;
      },
      CURL_READFUNC_ABORT);
}

/// libcurl sends a body again when a reused connection turns out to be dead.
int rewind_body(void* context, curl_off_t offset, int origin) {
  if (origin != SEEK_SET || offset < 0) return CURL_SEEKFUNC_CANTSEEK;
  static_cast<Progress*>(context)->sent = static_cast<std::uint64_t>(offset);
  return CURL_SEEKFUNC_OK;
}

std::size_t take_answer(char* bytes, std::size_t, std::size_t count, void* context) {
  auto& progress = *static_cast<Progress*>(context);
  return guarded(
      progress,
      [&]() -> std::size_t {
        if (progress.request.on_data && status_of(progress.easy) / 100 == 2) {
          progress.request.on_data({bytes, count});
          return count;
        }
        progress.too_long = progress.answer.size() + count > max_answer;
        if (progress.too_long) return 0;
        progress.answer.append(bytes, count);
        return count;
      },
      0);
}

std::size_t take_transfer_header(char* bytes, std::size_t, std::size_t count, void* context) {
  add_header_line(static_cast<Progress*>(context)->headers, {bytes, count});
  return count;
}

void set_transfer_options(void* easy, const TransferRequest& request, std::chrono::milliseconds timeout) {
  set_common_options(easy, timeout);
  set(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(request.stall_timeout.count()));
  set(easy, CURLOPT_UPLOAD_BUFFERSIZE, upload_buffer);
  set(easy, CURLOPT_EXPECT_100_TIMEOUT_MS, wait_for_continue_ms);
}

void set_transfer_request(void* easy, Progress& progress) {
  const auto& request = progress.request;
  set(easy, CURLOPT_URL, request.url.c_str());
  if (request.body != nullptr) {
    // libcurl sends "Expect: 100-continue" before a body by itself, so that a refusal arrives before the body
    // is sent.
    set(easy, CURLOPT_UPLOAD, 1L);
    set(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request.body->size()));
    set(easy, CURLOPT_READFUNCTION, &give_body);
    set(easy, CURLOPT_READDATA, &progress);
    set(easy, CURLOPT_SEEKFUNCTION, &rewind_body);
    set(easy, CURLOPT_SEEKDATA, &progress);
    set(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  } else if (request.method == "HEAD") {
    set(easy, CURLOPT_NOBODY, 1L);
  } else if (request.method == "GET") {
    set(easy, CURLOPT_HTTPGET, 1L);
  } else {
    set(easy, CURLOPT_POSTFIELDS, "");
    set(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
  set(easy, CURLOPT_WRITEFUNCTION, &take_answer);
  set(easy, CURLOPT_WRITEDATA, &progress);
  set(easy, CURLOPT_HEADERFUNCTION, &take_transfer_header);
  set(easy, CURLOPT_HEADERDATA, &progress);
}

}  // namespace

std::size_t MemoryBody::read(std::uint64_t offset, char* buffer, std::size_t size) const {
  return bytes_.substr(std::min<std::size_t>(offset, bytes_.size())).copy(buffer, size);
}

TransferClient::TransferClient(const base::Environment& environment, const base::Clock& clock,
                               const std::atomic<bool>& stop)
    : environment_(environment), clock_(clock), stop_(stop), authorities_(environment) {}

HttpResponse TransferClient::transfer(const TransferRequest& request) {
  return perform(request, request.timeout.value_or(no_timeout));
}

HttpResponse TransferClient::send(const HttpRequest& small) {
  TransferRequest request;
  request.method = small.method;
  request.url = small.url;
  request.headers = small.headers;
  request.authorization = small.authorization;
  const MemoryBody body{small.body.reveal()};
  if (!small.body.empty()) request.body = &body;
  return perform(request, small.timeout);
}

int TransferClient::last_status() const { return handle_.easy() == nullptr ? 0 : status_of(handle_.easy()); }

HttpResponse TransferClient::perform(const TransferRequest& request, std::chrono::milliseconds timeout) {
  base::throw_if_interrupted();
  const auto url = parse_url(request.url);
  require_tls(url);
  void* easy = handle_.reset();
  Progress progress{request, easy, 0, {}, {}, false, nullptr};
  char detail[CURL_ERROR_SIZE] = "";
  auto fields = request.headers;
  // An empty value removes the header: for a small body, waiting costs more than it can save.
  if (request.body != nullptr && request.body->size() <= max_body_at_once) fields.emplace_back("Expect", "");
  const HeaderList headers{fields, request.authorization};
  set_transfer_options(easy, request, timeout);
  set_transfer_request(easy, progress);
  set(easy, CURLOPT_HTTPHEADER, headers.list());
  set(easy, CURLOPT_ERRORBUFFER, static_cast<char*>(detail));
  const ProxyChoice proxy = set_proxy(easy, environment_, url);
  mask_credential_in(request.authorization);

  const auto code =
      static_cast<CURLcode>(authorities_.perform(handle_, base::Deadline{clock_, timeout}, &stop_));
  if (progress.failure) std::rethrow_exception(progress.failure);
  if (code == CURLE_ABORTED_BY_CALLBACK) throw base::Interrupted{};
  HttpResponse response{0, std::move(progress.headers), base::Secret{progress.answer}};
  explicit_bzero(progress.answer.data(), progress.answer.size());
  if (progress.too_long) {
    throw NoAnswer(NoAnswer::Reason::final,
                   url.host + " sent more than " + std::to_string(max_answer) + " bytes",
                   "this is not what a registry sends: check the host and the proxy");
  }
  if (code != CURLE_OK) {
    throw failure_of(easy, code, base::printable(proxy.without_login(static_cast<const char*>(detail))), url,
                     proxy);
  }
  response.status = status_of(easy);
  return response;
}

}  // namespace net
