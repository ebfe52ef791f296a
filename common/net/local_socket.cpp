// SPDX-License-Identifier: Apache-2.0
#include "net/local_socket.hpp"

#include <exception>
#include <memory>

#include "base/interruption.hpp"
#include "net/curl_request.hpp"

namespace net {
namespace {

struct LocalTransfer {
  const std::function<void(std::string_view)>& on_data;
  const std::atomic<bool>& stop;
  std::exception_ptr failure;
};

std::size_t hand_on(char* bytes, std::size_t, std::size_t count, void* context) {
  auto& transfer = *static_cast<LocalTransfer*>(context);
  try {
    transfer.on_data({bytes, count});
    return count;
  } catch (...) {
    transfer.failure = std::current_exception();
    return 0;
  }
}

int stop_local_transfer(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<LocalTransfer*>(context)->stop ? 1 : 0;
}

}  // namespace

int send_to_local_socket(const LocalRequest& request, const std::function<void(std::string_view)>& on_data,
                         const std::atomic<bool>& stop) {
  const std::unique_ptr<CURL, decltype(&::curl_easy_cleanup)> easy{curl().easy_init(), curl().easy_cleanup};
  if (!easy) throw base::Error(base::Kind::internal, "libcurl could not create a handle");
  const HeaderList headers{request.headers, {}};
  LocalTransfer transfer{on_data, stop, nullptr};
  char detail[CURL_ERROR_SIZE] = "";
  const auto url = "http://localhost" + request.target;
  set(easy.get(), CURLOPT_UNIX_SOCKET_PATH, request.socket.c_str());
  set(easy.get(), CURLOPT_URL, url.c_str());
  set(easy.get(), CURLOPT_PROXY, "");
  set(easy.get(), CURLOPT_NOSIGNAL, 1L);
  if (request.method == "POST") set(easy.get(), CURLOPT_POSTFIELDS, "");
  set(easy.get(), CURLOPT_CUSTOMREQUEST, request.method.c_str());
  set(easy.get(), CURLOPT_HTTPHEADER, headers.list());
  set(easy.get(), CURLOPT_WRITEFUNCTION, &hand_on);
  set(easy.get(), CURLOPT_WRITEDATA, &transfer);
  set(easy.get(), CURLOPT_NOPROGRESS, 0L);
  set(easy.get(), CURLOPT_XFERINFOFUNCTION, &stop_local_transfer);
  set(easy.get(), CURLOPT_XFERINFODATA, &transfer);
  set(easy.get(), CURLOPT_ERRORBUFFER, static_cast<char*>(detail));
  const auto code = curl().easy_perform(easy.get());
  if (transfer.failure) std::rethrow_exception(transfer.failure);
  if (code == CURLE_ABORTED_BY_CALLBACK) throw base::Interrupted{};
  if (code != CURLE_OK) {
    throw base::Error(base::Kind::network,
                      "no answer at " + request.socket.string() + ": " + static_cast<const char*>(detail));
  }
  return status_of(easy.get());
}

}  // namespace net
