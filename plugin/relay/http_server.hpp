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

/// A request without its body.
struct Request {
  std::string method;
  std::string path;                            ///< without the query, decoded
  std::map<std::string, std::string> query;    ///< decoded
  std::map<std::string, std::string> headers;  ///< names in lower case

  /// The value of a header or a query parameter; empty when there is none.
  std::string header(const std::string& name) const { return value_in(headers, name); }
  std::string parameter(const std::string& name) const { return value_in(query, name); }

private:
  static std::string value_in(const std::map<std::string, std::string>& values, const std::string& name) {
    const auto found = values.find(name);
    return found == values.end() ? std::string{} : found->second;
  }
};

struct Response {
  int status = 200;
  std::map<std::string, std::string> headers = {};
  std::string body = {};
  /// Supplies the body instead, in pieces of at most `size` bytes; returns 0 at the end. If it throws, the
  /// response is cut off.
  std::function<std::size_t(char* buffer, std::size_t size)> stream = {};
  std::uint64_t stream_size = 0;
};

/// A request between its headers and its response. Exceptions go to `Handler::on_error`. Destroyed without
/// `respond` when the connection breaks.
class Exchange {
public:
  virtual ~Exchange() = default;
  /// Takes the next piece of the body. The client waits until this returns.
  virtual void add_body(std::string_view piece) = 0;
  /// The response to the complete request.
  virtual Response respond() = 0;
};

/// What a server does with its requests. Each connection has a thread of its own.
class Handler {
public:
  virtual ~Handler() = default;
  /// The response to a request that is refused without reading its body.
  virtual std::optional<Response> refuse(const Request&) = 0;
  virtual std::unique_ptr<Exchange> begin(const Request&) = 0;
  /// The response when `begin` or the exchange throws.
  virtual Response on_error(const std::exception&) = 0;
};

/// An HTTP/1.1 server on 127.0.0.1, by GNU libmicrohttpd, which is opened at run time like the other
/// libraries. Request bodies arrive in pieces, so that a handler can make a client wait. When too many
/// connections are open, an idle one is closed for each new one.
class HttpServer {
public:
  /// With `port` 0 the system chooses a free one. Throws `config` when the library is not installed, or the
  /// port is in use.
  HttpServer(std::uint16_t port, Handler&);
  /// Closes all connections. Handlers that wait must be stopped before.
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
