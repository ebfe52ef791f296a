// SPDX-License-Identifier: Apache-2.0
#include "wiring.hpp"

#include <ostream>
#include <syncstream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "snowflake/connection_client.hpp"

namespace plugin {
namespace {

/// Host and path; what follows them may hold a token.
std::string address_shown(const std::string& url) {
  return base::printable(url.substr(0, url.find_first_of("?#")), 300);
}

/// The id of the query that an answer is about; empty when it has none.
std::string query_id_in(std::string_view body) {
  constexpr std::string_view key = "\"queryId\"";
  constexpr std::size_t length = 36;
  const auto at = body.find(key);
  if (at == std::string_view::npos) return {};
  const auto start = body.find_first_not_of(" :\"", at + key.size());
  if (start == std::string_view::npos) return {};
  const auto id = body.substr(start, length);
  return id.find_first_not_of("0123456789abcdefABCDEF-") == std::string_view::npos ? std::string{id} : "";
}

/// Tells what became of each request, retries included.
class TracingClient final : public net::HttpClient {
public:
  TracingClient(std::unique_ptr<net::HttpClient> next, std::ostream& err)
      : next_(std::move(next)), err_(err) {}

  net::HttpResponse send(const net::HttpRequest& request) override {
    const auto start = std::chrono::steady_clock::now();
    const auto tell = [&](const std::string& outcome) {
      const auto time =
          std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
      std::osyncstream{err_} << "debug: " << request.method << ' ' << address_shown(request.url) << ": "
                             << outcome << ", " << time.count() << " ms\n";
    };
    try {
      auto response = next_->send(request);
      const auto id = query_id_in(response.body.reveal());
      tell("HTTP status " + std::to_string(response.status) + (id.empty() ? "" : ", query " + id));
      return response;
    } catch (const base::Error& error) {
      tell(error.what());
      throw;
    }
  }

private:
  std::unique_ptr<net::HttpClient> next_;
  std::ostream& err_;
};

}  // namespace

Wiring::Wiring(const base::Environment& environment, base::Clock& clock, config::RegistryResolver& resolver,
               std::chrono::milliseconds timeout, ui::Prompter* prompter)
    : environment_(environment),
      clock_(clock),
      resolver_(resolver),
      deadline_(clock, timeout),
      prompter_(prompter) {}

token::Stores& Wiring::stores() {
  if (!stores_) {
    const auto& settings = resolver_.settings();
    stores_ = token::open_stores({settings.uses_kernel_keyring(), settings.uses_secret_service()},
                                 environment_, clock_);
  }
  return *stores_;
}

net::HttpClient& Wiring::http(const config::Connection& connection) {
  auto& client = clients_[snowflake::client_key(connection)];
  if (!client) client = new_http(connection);
  return *client;
}

std::unique_ptr<net::HttpClient> Wiring::new_http(const config::Connection& connection) const {
  auto client = std::make_unique<snowflake::ConnectionClient>(connection, environment_, deadline_, clock_);
  if (trace_ == nullptr) return client;
  return std::make_unique<TracingClient>(std::move(client), *trace_);
}

snowflake::SessionCache Wiring::session(const config::Connection& connection) {
  return {connection,
          {environment_, clock_, http(connection), stores(), token::LockLocations::of(environment_, clock_),
           config::fingerprint(environment_, resolver_.paths()), deadline_, prompter_}};
}

std::optional<docker::RegistryHost> Wiring::host_served_by(const config::Connection& connection) {
  try {
    const auto host = resolver_.registry_of(connection);
    const snowflake::LoginIdentity own{resolver_.connection_for(host), environment_};
    if (own.key == snowflake::LoginIdentity{connection, environment_}.key) return host;
  } catch (const base::Error&) {
    // It is not known which host that is.
  }
  return std::nullopt;
}

token::RegistryToken Wiring::registry_token(const config::Connection& connection,
                                            snowflake::Refresh refresh) {
  const auto host = host_served_by(connection);
  return session(connection).registry_token(host ? &*host : nullptr, refresh);
}

}  // namespace plugin
