// SPDX-License-Identifier: Apache-2.0
#include "net/transfer.hpp"

#include <algorithm>
#include <memory>
#include <optional>

#include "base/interruption.hpp"
#include "base/loopback.hpp"
#include "base/text.hpp"
#include "net/curl_failure.hpp"
#include "net/libcurl.hpp"
#include "net/proxy_choice.hpp"
#include "net/url.hpp"

namespace net {
namespace {

constexpr long connect_timeout_ms = 10'000;
constexpr std::chrono::hours no_timeout{24 * 365};
constexpr std::size_t max_answer = 16U << 20;
/// Large enough for fast connections with a high latency.
constexpr long upload_buffer = 512L << 10;
/// A server that does not know "Expect: 100-continue" costs this much for each chunk.
constexpr long wait_for_continue_ms = 300;

/// The state that a transfer shares with libcurl's callbacks.
struct Progress {
  const TransferRequest& request;
  const std::atomic<bool>& stop;
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
        long status = 0;
        curl().easy_getinfo(progress.easy, CURLINFO_RESPONSE_CODE, &status);
        if (progress.request.on_data && status / 100 == 2) {
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
  auto& progress = *static_cast<Progress*>(context);
  const std::string_view line{bytes, count};
  // Headers of a proxy's answer to CONNECT, or of "100 Continue", come first: keep only those of the last
  // answer.
  if (line.starts_with("HTTP/")) progress.headers.clear();
  if (const auto colon = line.find(':'); colon != std::string_view::npos) {
    progress.headers.insert_or_assign(base::to_lower(base::trim(line.substr(0, colon))),
                                      std::string{base::trim(line.substr(colon + 1))});
  }
  return count;
}

int stop_when_requested(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return base::was_interrupted() || static_cast<Progress*>(context)->stop ? 1 : 0;
}

using TransferHeaders = std::unique_ptr<curl_slist, decltype(&::curl_slist_free_all)>;

TransferHeaders headers_of(const TransferRequest& request) {
  TransferHeaders list{nullptr, curl().slist_free_all};
  const auto add = [&](std::string_view name, std::string_view value) {
    const auto line = base::Secret::join({name, ": ", value, std::string_view{"", 1}});
    curl_slist* longer = curl().slist_append(list.get(), line.reveal().data());
    if (longer == nullptr) throw base::Error(base::Kind::internal, "no memory for a request");
    [[maybe_unused]] auto* same = list.release();
    list.reset(longer);
  };
  for (const auto& [name, value] : request.headers) add(name, value);
  if (!request.authorization.empty()) add("Authorization", request.authorization.reveal());
  return list;
}

void set_option(void* easy, CURLoption option, auto value) { curl().easy_setopt(easy, option, value); }

void set_transfer_rules(void* easy, const TransferRequest& request, std::chrono::milliseconds timeout) {
  set_option(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  set_option(easy, CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
  set_option(easy, CURLOPT_NOSIGNAL, 1L);
  set_option(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set_option(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set_option(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  set_option(easy, CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
  set_option(easy, CURLOPT_CONNECTTIMEOUT_MS, connect_timeout_ms);
  set_option(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  set_option(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  set_option(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(request.stall_timeout.count()));
  set_option(easy, CURLOPT_UPLOAD_BUFFERSIZE, upload_buffer);
  set_option(easy, CURLOPT_EXPECT_100_TIMEOUT_MS, wait_for_continue_ms);
}

void set_transfer_request(void* easy, Progress& progress) {
  const auto& request = progress.request;
  set_option(easy, CURLOPT_URL, request.url.c_str());
  if (request.body != nullptr) {
    // libcurl sends "Expect: 100-continue" before a large body by itself, so that a refusal arrives before
    // the body is sent.
    set_option(easy, CURLOPT_UPLOAD, 1L);
    set_option(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(request.body->size()));
    set_option(easy, CURLOPT_READFUNCTION, &give_body);
    set_option(easy, CURLOPT_READDATA, &progress);
    set_option(easy, CURLOPT_SEEKFUNCTION, &rewind_body);
    set_option(easy, CURLOPT_SEEKDATA, &progress);
    set_option(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  } else if (request.method == "HEAD") {
    set_option(easy, CURLOPT_NOBODY, 1L);
  } else if (request.method == "GET") {
    set_option(easy, CURLOPT_HTTPGET, 1L);
  } else {
    set_option(easy, CURLOPT_POSTFIELDS, "");
    set_option(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
  set_option(easy, CURLOPT_WRITEFUNCTION, &take_answer);
  set_option(easy, CURLOPT_WRITEDATA, &progress);
  set_option(easy, CURLOPT_HEADERFUNCTION, &take_transfer_header);
  set_option(easy, CURLOPT_HEADERDATA, &progress);
  set_option(easy, CURLOPT_NOPROGRESS, 0L);
  set_option(easy, CURLOPT_XFERINFOFUNCTION, &stop_when_requested);
  set_option(easy, CURLOPT_XFERINFODATA, &progress);
}

NoAnswer transfer_failure(void* easy, CURLcode code, const std::string& words, const UrlParts& url,
                          const ProxyChoice& proxy) {
  curl_off_t ready_to_send = 0;
  curl().easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &ready_to_send);
  long proxy_status = 0;
  curl().easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
  return CurlFailure{
      code, words, url.host, ready_to_send > 0, proxy.serves(url), static_cast<int>(proxy_status)}
      .to_error();
}

class MemoryBody final : public BodySource {
public:
  explicit MemoryBody(std::string_view bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  std::size_t read(std::uint64_t offset, char* buffer, std::size_t size) const override {
    return bytes_.substr(std::min<std::size_t>(offset, bytes_.size())).copy(buffer, size);
  }

private:
  std::string_view bytes_;
};

}  // namespace

TransferClient::TransferClient(const base::Environment& environment, const base::Clock& clock,
                               const std::atomic<bool>& stop)
    : environment_(environment), clock_(clock), stop_(stop), authorities_(environment) {}

TransferClient::~TransferClient() {
  if (easy_ != nullptr) curl().easy_cleanup(easy_);
}

HttpResponse TransferClient::transfer(const TransferRequest& request) { return perform(request, no_timeout); }

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

std::string resolve_url(const std::string& page, const std::string& reference) {
  const std::unique_ptr<CURLU, decltype(&::curl_url_cleanup)> url{curl().url(), curl().url_cleanup};
  char* text = nullptr;
  if (!url || curl().url_set(url.get(), CURLUPART_URL, page.c_str(), 0) != CURLUE_OK ||
      curl().url_set(url.get(), CURLUPART_URL, reference.c_str(), 0) != CURLUE_OK ||
      curl().url_get(url.get(), CURLUPART_URL, &text, 0) != CURLUE_OK) {
    throw base::Error(base::Kind::config, "not a valid URL: " + base::printable(reference, 200),
                      "it must begin with https://");
  }
  std::string result{text};
  curl().free(text);
  return result;
}

int TransferClient::last_status() const {
  long status = 0;
  if (easy_ != nullptr) curl().easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  return static_cast<int>(status);
}

HttpResponse TransferClient::perform(const TransferRequest& request, std::chrono::milliseconds timeout) {
  base::throw_if_interrupted();
  const auto url = parse_url(request.url);
  if (url.scheme != "https" && !(url.scheme == "http" && base::is_loopback(url.host))) {
    throw NoAnswer(NoAnswer::Reason::final, "refused to talk to " + url.host + " without TLS",
                   "use https; plain http is for loopback addresses only");
  }
  if (easy_ == nullptr) easy_ = curl().easy_init();
  if (easy_ == nullptr) throw base::Error(base::Kind::internal, "libcurl could not create a handle");
  curl().easy_reset(easy_);
  Progress progress{request, stop_, easy_, 0, {}, {}, false, nullptr};
  char detail[CURL_ERROR_SIZE] = "";
  const auto headers = headers_of(request);
  set_transfer_rules(easy_, request, timeout);
  set_transfer_request(easy_, progress);
  set_option(easy_, CURLOPT_HTTPHEADER, headers.get());
  set_option(easy_, CURLOPT_ERRORBUFFER, static_cast<char*>(detail));
  const ProxyChoice proxy = proxy_for(environment_, url);
  set_option(easy_, CURLOPT_PROXY, proxy.serves(url) ? proxy.url.c_str() : "");
  set_option(easy_, CURLOPT_NOPROXY, "");
  const auto authorization = request.authorization.reveal();
  base::mask_from_now_on(base::Secret{authorization.substr(authorization.find_last_of(' ') + 1)});

  const auto code = static_cast<CURLcode>(authorities_.perform(easy_, base::Deadline{clock_, timeout}));
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
    throw transfer_failure(
        easy_, code, base::printable(proxy.without_login(static_cast<const char*>(detail))), url, proxy);
  }
  long status = 0;
  curl().easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  response.status = static_cast<int>(status);
  return response;
}

}  // namespace net
