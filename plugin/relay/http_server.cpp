// SPDX-License-Identifier: Apache-2.0
#include "relay/http_server.hpp"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/error.hpp"
#include "base/shared_library.hpp"
#include "base/text.hpp"
#include "relay/open_connections.hpp"

namespace plugin::relay {
namespace {

using base::Error;
using base::Kind;

constexpr std::size_t connection_memory = 256U << 10;
constexpr std::size_t response_block = 256U << 10;
/// From this number on, each new connection replaces an idle one.
constexpr std::size_t max_connections = 64;
/// The library rejects connections beyond it: reached only while others are busy, or are being closed.
constexpr unsigned hard_limit = 2 * max_connections;
/// How long a connection may be idle, in seconds: before its first request is complete, and between requests.
/// HTTP clients close idle connections themselves (Go after 90 seconds); closing one earlier could cut off a
/// request that is just being sent.
constexpr unsigned first_request_timeout = 10;
constexpr unsigned idle_timeout = 120;
/// While a request is served, its client may have to wait.
constexpr unsigned no_timeout = 0;

/// The functions of libmicrohttpd in use, opened with the first server.
struct LibMicroHttpd {
  base::SharedLibrary library{"libmicrohttpd.so.12", "libmicrohttpd12"};
  decltype(&::MHD_start_daemon) start_daemon = library["MHD_start_daemon"];
  decltype(&::MHD_stop_daemon) stop_daemon = library["MHD_stop_daemon"];
  decltype(&::MHD_get_daemon_info) get_daemon_info = library["MHD_get_daemon_info"];
  decltype(&::MHD_get_connection_info) get_connection_info = library["MHD_get_connection_info"];
  decltype(&::MHD_get_connection_values) get_connection_values = library["MHD_get_connection_values"];
  decltype(&::MHD_create_response_from_buffer) response_from_buffer =
      library["MHD_create_response_from_buffer"];
  decltype(&::MHD_create_response_from_callback) response_from_callback =
      library["MHD_create_response_from_callback"];
  decltype(&::MHD_add_response_header) add_response_header = library["MHD_add_response_header"];
  decltype(&::MHD_queue_response) queue_response = library["MHD_queue_response"];
  decltype(&::MHD_set_connection_option) set_connection_option = library["MHD_set_connection_option"];
  decltype(&::MHD_destroy_response) destroy_response = library["MHD_destroy_response"];
};

const LibMicroHttpd& library() {
  static const LibMicroHttpd functions;
  return functions;
}

MHD_Result add_value(void* context, MHD_ValueKind, const char* key, const char* value) {
  auto& values = *static_cast<std::map<std::string, std::string>*>(context);
  values[key == nullptr ? "" : key] = value == nullptr ? "" : value;
  return MHD_YES;
}

MHD_Result add_header(void* context, MHD_ValueKind, const char* key, const char* value) {
  auto& values = *static_cast<std::map<std::string, std::string>*>(context);
  auto& joined = values[base::to_lower(key == nullptr ? "" : key)];
  // Docker writes one Accept header for each type of manifest.
  joined += (joined.empty() ? "" : ", ") + std::string{value == nullptr ? "" : value};
  return MHD_YES;
}

Request request_of(MHD_Connection* connection, const char* url, const char* method) {
  Request request{method, url, {}, {}};
  library().get_connection_values(connection, MHD_GET_ARGUMENT_KIND, &add_value, &request.query);
  library().get_connection_values(connection, MHD_HEADER_KIND, &add_header, &request.headers);
  return request;
}

void on_connection(void* context, MHD_Connection* connection, void**, MHD_ConnectionNotificationCode code) {
  auto& connections = *static_cast<OpenConnections*>(context);
  if (code == MHD_CONNECTION_NOTIFY_STARTED) {
    connections.add(connection,
                    library().get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd);
  } else {
    connections.remove(connection);
  }
}

using Stream = std::function<std::size_t(char*, std::size_t)>;

ssize_t next_piece(void* context, std::uint64_t, char* buffer, std::size_t size) {
  try {
    const auto count = (*static_cast<Stream*>(context))(buffer, size);
    return count == 0 ? MHD_CONTENT_READER_END_OF_STREAM : static_cast<ssize_t>(count);
  } catch (...) {
    return MHD_CONTENT_READER_END_WITH_ERROR;
  }
}

void free_stream(void* context) { delete static_cast<Stream*>(context); }

MHD_Result send(MHD_Connection* connection, Response response) {
  MHD_Response* queued = nullptr;
  if (response.stream) {
    queued = library().response_from_callback(response.stream_size, response_block, &next_piece,
                                              new Stream{std::move(response.stream)}, &free_stream);
  } else {
    queued =
        library().response_from_buffer(response.body.size(), response.body.data(), MHD_RESPMEM_MUST_COPY);
  }
  if (queued == nullptr) return MHD_NO;
  for (const auto& [name, value] : response.headers)
    library().add_response_header(queued, name.c_str(), value.c_str());
  const auto result = library().queue_response(connection, static_cast<unsigned>(response.status), queued);
  library().destroy_response(queued);
  return result;
}

void set_timeout(MHD_Connection* connection, unsigned seconds) {
  library().set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, seconds);
}

/// The request that a connection is serving.
struct PendingRequest {
  Handler& handler;
  std::unique_ptr<Exchange> exchange = nullptr;
  std::optional<Response> response = std::nullopt;  ///< if set, the rest of the body is read and discarded

  /// Calls `step` unless there is a response already. If it throws, the handler turns the error into the
  /// response.
  template <typename Step>
  void perform(Step step) {
    if (response) return;
    try {
      step();
    } catch (const std::exception& error) {
      response = handler.on_error(error);
    }
  }
};

void on_completed(void*, MHD_Connection* connection, void** slot, MHD_RequestTerminationCode) {
  set_timeout(connection, idle_timeout);
  delete static_cast<PendingRequest*>(*slot);
  *slot = nullptr;
}

}  // namespace

/// The argument of the library's callbacks.
struct HttpServer::Daemon {
  Handler& handler;
  OpenConnections connections{max_connections};
  MHD_Daemon* daemon = nullptr;

  static MHD_Result handle(void* context, MHD_Connection*, const char* url, const char* method,
                           const char* version, const char* bytes, std::size_t* size, void** slot);
};

MHD_Result HttpServer::Daemon::handle(void* context, MHD_Connection* connection, const char* url,
                                      const char* method, const char*, const char* bytes, std::size_t* size,
                                      void** slot) {
  auto& server = *static_cast<Daemon*>(context);
  auto& handler = server.handler;
  const auto send_to_client = [&](Response response) {
    if (response.stream) {
      response.stream = [&connections = server.connections, connection, stream = std::move(response.stream)](
                            char* buffer, std::size_t max_size) {
        const OpenConnections::BusyScope busy{connections, connection};
        return stream(buffer, max_size);
      };
    }
    return send(connection, std::move(response));
  };
  try {
    const OpenConnections::BusyScope busy{server.connections, connection};
    if (*slot == nullptr) {
      set_timeout(connection, no_timeout);
      const auto request = request_of(connection, url, method);
      if (auto refusal = handler.refuse(request)) return send_to_client(*std::move(refusal));
      server.connections.accept(connection);
      auto pending = std::make_unique<PendingRequest>(PendingRequest{handler});
      pending->perform([&] { pending->exchange = handler.begin(request); });
      *slot = pending.release();
      return MHD_YES;
    }
    auto& pending = *static_cast<PendingRequest*>(*slot);
    if (*size > 0) {
      const std::string_view piece{bytes, std::exchange(*size, 0)};
      pending.perform([&] { pending.exchange->add_body(piece); });
      return MHD_YES;
    }
    pending.perform([&] { pending.response = pending.exchange->respond(); });
    return send_to_client(*std::move(pending.response));
  } catch (...) {
    return MHD_NO;  // closes the connection
  }
}

HttpServer::HttpServer(std::uint16_t port, Handler& handler) : daemon_(new Daemon{handler}) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  errno = 0;
  daemon_->daemon = library().start_daemon(
      MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL, port, nullptr, nullptr,
      &Daemon::handle, daemon_.get(), MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_NOTIFY_COMPLETED,
      &on_completed, nullptr, MHD_OPTION_NOTIFY_CONNECTION, &on_connection, &daemon_->connections,
      MHD_OPTION_CONNECTION_LIMIT, hard_limit, MHD_OPTION_CONNECTION_MEMORY_LIMIT, connection_memory,
      MHD_OPTION_CONNECTION_TIMEOUT, first_request_timeout, MHD_OPTION_END);
  if (daemon_->daemon == nullptr) {
    throw Error(Kind::config,
                "cannot listen on 127.0.0.1:" + std::to_string(port) + ": " + std::strerror(errno),
                "choose another port with --listen");
  }
  port_ = library().get_daemon_info(daemon_->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

HttpServer::~HttpServer() {
  if (daemon_->daemon != nullptr) library().stop_daemon(daemon_->daemon);
}

bool HttpServer::is_available() {
  try {
    library();
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace plugin::relay
