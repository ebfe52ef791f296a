// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace plugin::relay {

/// The head of a request.
struct Request {
  std::string method;
  std::string path;                            ///< without the query, decoded
  std::map<std::string, std::string> query;    ///< decoded
  std::map<std::string, std::string> headers;  ///< names in lower case
};

struct Answer {
  int status = 200;
  std::map<std::string, std::string> headers = {};
  std::string body = {};
  /// Supplies the body instead, in pieces of at most `size` bytes; returns 0 at the end. If it throws, the
  /// answer is cut off.
  std::function<std::size_t(char* buffer, std::size_t size)> stream = {};
  std::uint64_t stream_size = 0;
};

/// One request between its head and its answer. What is thrown here becomes an answer by `Handler::failed`.
/// Destroyed without `answer` when the connection broke.
class Exchange {
public:
  virtual ~Exchange() = default;
  /// The next piece of the body. While this waits, the client waits.
  virtual void take(std::string_view piece) = 0;
  /// The request is complete.
  virtual Answer answer() = 0;
};

/// Called from one thread for each connection.
class Handler {
public:
  virtual ~Handler() = default;
  /// The answer when there is no need to read the body.
  virtual std::optional<Answer> refuse(const Request&) = 0;
  virtual std::unique_ptr<Exchange> begin(const Request&) = 0;
  /// The answer to what `begin` or the exchange has thrown.
  virtual Answer failed(const std::exception&) = 0;
};

/// HTTP/1.1 on 127.0.0.1 only, by GNU libmicrohttpd: small, opened at run time like the other libraries, and
/// its bodies come in pieces, so that a handler can make a client wait. When too many connections are open,
/// it closes silent ones to accept new ones.
class HttpServer {
public:
  /// `port` 0 takes a free one. Throws `config` when the library is not installed or the port is in use.
  HttpServer(std::uint16_t port, Handler&);
  /// Closes all connections. Stop waiting handlers first.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const noexcept { return port_; }
  /// Whether the library is installed.
  static bool is_available();

private:
  struct Daemon;
  std::unique_ptr<Daemon> daemon_;
  std::uint16_t port_ = 0;
};

}  // namespace plugin::relay
