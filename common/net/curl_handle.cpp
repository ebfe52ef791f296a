// SPDX-License-Identifier: Apache-2.0
#include "net/curl_handle.hpp"

#include "base/interruption.hpp"
#include "net/libcurl.hpp"

namespace net {
namespace {

/// How often `stop` is checked. A signal ends the wait at once.
constexpr int stop_poll_interval_ms = 100;

/// Waits until there is something to do for a transfer, or the user interrupts it.
CURLMcode wait_for_activity(void* multi) {
  const int descriptor = base::interruption_descriptor();
  curl_waitfd interruption{descriptor, CURL_WAIT_POLLIN, 0};
  return curl().multi_poll(multi, &interruption, descriptor < 0 ? 0 : 1, stop_poll_interval_ms, nullptr);
}

/// How the only transfer of a multi handle ended.
CURLcode result_of(void* multi) {
  for (int left = 0;;) {
    const CURLMsg* message = curl().multi_info_read(multi, &left);
    if (message == nullptr) return CURLE_ABORTED_BY_CALLBACK;
    if (message->msg == CURLMSG_DONE) return message->data.result;
  }
}

CURLcode run(void* multi, const std::atomic<bool>* stop) {
  for (int running = 1;;) {
    auto failure = curl().multi_perform(multi, &running);
    if (failure == CURLM_OK && running == 0) return result_of(multi);
    if (base::was_interrupted() || (stop != nullptr && *stop)) return CURLE_ABORTED_BY_CALLBACK;
    if (failure == CURLM_OK) failure = wait_for_activity(multi);
    if (failure != CURLM_OK) return CURLE_OUT_OF_MEMORY;
  }
}

}  // namespace

CurlHandle::~CurlHandle() {
  if (easy_ != nullptr) curl().easy_cleanup(easy_);
  if (multi_ != nullptr) curl().multi_cleanup(multi_);
}

void* CurlHandle::reset() {
  if (easy_ == nullptr) easy_ = curl().easy_init();
  // The multi handle owns the connections. Unlike an easy handle, it can also wait for other descriptors.
  if (multi_ == nullptr) multi_ = curl().multi_init();
  if (easy_ == nullptr || multi_ == nullptr)
    throw base::Error(base::Kind::internal, "libcurl could not create a handle");
  curl().easy_reset(easy_);
  return easy_;
}

int CurlHandle::perform(const std::atomic<bool>* stop) {
  if (curl().multi_add_handle(multi_, easy_) != CURLM_OK) return CURLE_OUT_OF_MEMORY;
  const auto result = run(multi_, stop);
  // Closes the connection of an unfinished transfer.
  curl().multi_remove_handle(multi_, easy_);
  return result;
}

}  // namespace net
