// SPDX-License-Identifier: Apache-2.0
#include "ui/loopback_listener.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace {

using namespace std::chrono_literals;

/// A connection from another program on this machine.
class Client {
public:
  explicit Client(int port, const char* address = "127.0.0.1") {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(static_cast<std::uint16_t>(port));
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = v4.sin_port;
    const bool is_v4 = inet_pton(AF_INET, address, &v4.sin_addr) == 1;
    if (!is_v4) inet_pton(AF_INET6, address, &v6.sin6_addr);
    file_ = socket(is_v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    connected_ = is_v4 ? connect(file_, reinterpret_cast<sockaddr*>(&v4), sizeof v4) == 0
                       : connect(file_, reinterpret_cast<sockaddr*>(&v6), sizeof v6) == 0;
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() { close(file_); }

  bool connected() const { return connected_; }
  void say(std::string_view text) const { REQUIRE(send(file_, text.data(), text.size(), MSG_NOSIGNAL) > 0); }
  std::string hear() const {
    std::string all;
    char buffer[4096];
    for (ssize_t count = 0; (count = recv(file_, buffer, sizeof buffer, 0)) > 0;)
      all.append(buffer, static_cast<std::size_t>(count));
    return all;
  }

private:
  int file_ = -1;
  bool connected_ = false;
};

const ui::Callback token_callback{"/", {}, [](const ui::Fields& fields) -> std::optional<ui::Page> {
                                    if (ui::value_of(fields, "token") != "good") return std::nullopt;
                                    return ui::Page{"Welcome", "Close this window."};
                                  }};

constexpr const char* good = "GET /?token=good HTTP/1.1\r\nHost: localhost\r\n\r\n";

bool serve(ui::LoopbackListener& listener) {
  for (int rounds = 0; rounds < 20; ++rounds) {
    if (listener.serve(token_callback, 10ms)) return true;
  }
  return false;
}

bool has_v6() {
  const Client client{1, "::1"};
  return client.connected() || errno == ECONNREFUSED;
}

}  // namespace

TEST_CASE("a browser is served at either loopback address, at one port") {
  const fakes::FakeClock clock;
  for (const char* address : {"127.0.0.1", "::1"}) {
    if (std::string_view{address} == "::1" && !has_v6()) continue;
    INFO(address);
    ui::LoopbackListener listener{clock};
    const Client client{listener.port(), address};
    REQUIRE(client.connected());
    client.say(good);
    CHECK(serve(listener));
    CHECK(fakes::contains(client.hear(), "Welcome"));
  }
}

TEST_CASE("slow, silent and malformed connections do not delay others") {
  const fakes::FakeClock clock;
  ui::LoopbackListener listener{clock};
  const Client silent{listener.port()};
  const Client slow{listener.port()};
  slow.say("GET /?tok");
  const Client rude{listener.port()};
  rude.say("\x16\x03\x01\r\n\r\n");
  const Client wrong{listener.port()};
  wrong.say("GET /?token=bad HTTP/1.1\r\nHost: localhost\r\n\r\n");
  { const Client gone{listener.port()}; }
  CHECK_FALSE(serve(listener));
  CHECK(fakes::contains(rude.hear(), "400 Bad Request"));
  CHECK(fakes::contains(wrong.hear(), "400 Bad Request"));
  const Client late{listener.port()};
  late.say(good);
  CHECK(serve(listener));
}

TEST_CASE("many silent connections do not keep a browser out") {
  const fakes::FakeClock clock;
  ui::LoopbackListener listener{clock};
  std::list<Client> crowd;
  for (int i = 0; i < 100; ++i) {
    crowd.emplace_back(listener.port());
    listener.serve(token_callback, 0ms);
  }
  const Client client{listener.port()};
  client.say(good);
  CHECK(serve(listener));
}

TEST_CASE("a connection that does not finish its request is closed at its timeout") {
  fakes::FakeClock clock;
  ui::LoopbackListener listener{clock};
  const Client slow{listener.port()};
  slow.say("GET /");
  CHECK_FALSE(serve(listener));
  clock.advance(11s);
  CHECK_FALSE(serve(listener));
  CHECK(slow.hear().empty());
}

TEST_CASE("a port that is already in use is an error") {
  const fakes::FakeClock clock;
  const ui::LoopbackListener first{clock};
  const auto error = fakes::error_of([&] { const ui::LoopbackListener second{clock, first.port()}; });
  CHECK(error.kind() == base::Kind::config);
  CHECK(fakes::contains(error.what(), std::to_string(first.port())));
}

TEST_CASE("an address of this machine may be listened at instead, and no other") {
  const base::SystemClock clock;
  for (const char* address : {"", "localhost", "127.0.0.1", "0.0.0.0"})
    CHECK(ui::LoopbackListener(clock, 0, address).port() > 0);
  for (const char* address : {"203.0.113.7", "not an address", "127.0.0.1:80"}) {
    const auto error = fakes::error_of([&] { const ui::LoopbackListener listener(clock, 0, address); });
    CHECK(error.kind() == base::Kind::config);
    CHECK(fakes::contains(error.hint(), "SF_AUTH_SOCKET_ADDR"));
  }
}
