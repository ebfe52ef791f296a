// SPDX-License-Identifier: Apache-2.0
#include "net/local_socket.hpp"

#include <exception>

#include "base/interruption.hpp"
#include "net/curl_handle.hpp"
#include "net/curl_request.hpp"

namespace net {
namespace {

struct LocalTransfer {
  const std::function<void(std::string_view)>& on_data;
  std::exception_ptr failure;
};

std::size_t pass_on_body(char* bytes, std::size_t, std::size_t count, void* context) {
  auto& transfer = *static_cast<LocalTransfer*>(context);
  try {
    transfer.on_data({bytes, count});
    return count;
  } catch (...) {
    transfer.failure = std::current_exception();
    return 0;
  }
}

}  // namespace

int send_to_local_socket(const LocalRequest& request, const std::function<void(std::string_view)>& on_data,
                         const std::atomic<bool>* stop) {
  CurlHandle handle;
  void* easy = handle.reset();
  const auto headers = header_list(request.headers, {});
  LocalTransfer transfer{on_data, nullptr};
  char detail[CURL_ERROR_SIZE] = "";
  const auto url = "http://localhost" + request.target;
  set(easy, CURLOPT_UNIX_SOCKET_PATH, request.socket.c_str());
  set(easy, CURLOPT_URL, url.c_str());
  set(easy, CURLOPT_PROXY, "");
  set(easy, CURLOPT_NOSIGNAL, 1L);
  if (request.method == "POST") set(easy, CURLOPT_POSTFIELDS, "");
  set(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  set(easy, CURLOPT_HTTPHEADER, headers.get());
  set(easy, CURLOPT_WRITEFUNCTION, &pass_on_body);
  set(easy, CURLOPT_WRITEDATA, &transfer);
  if (request.timeout) set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout->count()));
  set(easy, CURLOPT_ERRORBUFFER, static_cast<char*>(detail));
  const auto code = static_cast<CURLcode>(handle.perform(stop));
  if (transfer.failure) std::rethrow_exception(transfer.failure);
  if (code == CURLE_ABORTED_BY_CALLBACK) throw base::Interrupted{};
  if (code != CURLE_OK) {
    throw base::Error(base::Kind::network,
                      "no answer at " + request.socket.string() + ": " + static_cast<const char*>(detail));
  }
  return status_of(easy);
}

}  // namespace net
