// SPDX-License-Identifier: Apache-2.0
#include "ui/browser_callback.hpp"
#include "support/catch.hpp"
#include "support/fakes.hpp"
#include "ui/loopback_listener.hpp"

#include <deque>

namespace {

using fakes::contains;

const ui::Callback callback{"/", "https://o-a.snowflakecomputing.com:443",
                            [](const ui::Fields& fields) -> std::optional<ui::Page> {
                              if (!fields.contains("token")) return std::nullopt;
                              return ui::Page{"Welcome", "Close this window."};
                            }};

ui::BrowserRequest get(const std::string& token = "t") {
  ui::BrowserRequest request;
  request.method = "GET";
  request.path = "/";
  request.host = "localhost:1234";
  if (!token.empty()) request.fields.emplace("token", base::Secret{token});
  return request;
}

ui::BrowserRequest post(const std::string& origin, const std::string& mode = "cors") {
  auto request = get();
  request.method = "POST";
  request.origin = origin;
  request.fetch_mode = mode;
  return request;
}

const std::string own_site = "https://o-a.snowflakecomputing.com";

}  // namespace

TEST_CASE("the expected redirect is accepted, and the user sees a page") {
  const auto reply = ui::reply_to(get(), callback);
  CHECK(reply.accepted);
  CHECK(contains(reply.bytes, "HTTP/1.1 200 OK\r\n"));
  CHECK(contains(reply.bytes, "<h1>Welcome</h1>"));
  CHECK_FALSE(contains(reply.bytes, "Access-Control"));
}

TEST_CASE("an unexpected request is answered and changes nothing") {
  auto favicon = get();
  favicon.path = "/favicon.ico";
  auto put = get();
  put.method = "PUT";
  for (const auto& request : {get(""), favicon, put}) {
    const auto reply = ui::reply_to(request, callback);
    CHECK_FALSE(reply.accepted);
    CHECK(contains(reply.bytes, "HTTP/1.1 4"));
  }
}

TEST_CASE("background requests of other sites are refused") {
  auto image = get();
  image.fetch_mode = "no-cors";
  auto frame = get();
  frame.fetch_mode = "navigate";
  frame.fetch_destination = "iframe";
  auto rebound = get();
  rebound.host = "evil.example:1234";
  for (const auto& request :
       {image, frame, rebound, post("https://evil.example"), post("https://evil.example", "navigate"),
        post("https://o-a.snowflakecomputing.com.evil.example"), post("null"), post("")}) {
    CHECK_FALSE(ui::reply_to(request, callback).accepted);
  }
}

TEST_CASE("a form from a Snowflake page is accepted, even when it hides its origin") {
  for (const auto& origin : {own_site, std::string{"null"}}) {
    const auto reply = ui::reply_to(post(origin, "navigate"), callback);
    CHECK(reply.accepted);
    CHECK(contains(reply.bytes, "<h1>Welcome</h1>"));
  }
}

TEST_CASE("a Snowflake page may fetch after a pre-flight request") {
  auto preflight = post(own_site);
  preflight.method = "OPTIONS";
  preflight.requested_method = "POST";
  preflight.requested_headers = "content-type";
  const auto permission = ui::reply_to(preflight, callback);
  CHECK_FALSE(permission.accepted);
  for (const auto* header : {"HTTP/1.1 200 OK\r\n", "Access-Control-Allow-Methods: POST, GET\r\n",
                             "Access-Control-Allow-Headers: content-type\r\n",
                             "Access-Control-Allow-Origin: https://o-a.snowflakecomputing.com\r\n",
                             "Access-Control-Allow-Private-Network: true\r\n"}) {
    CHECK(contains(permission.bytes, header));
  }
  auto reply = ui::reply_to(post(own_site), callback);
  CHECK(reply.accepted);
  CHECK(contains(reply.bytes, "\r\n\r\n{\"consent\":true}"));
  CHECK(contains(reply.bytes, "Vary: Accept-Encoding, Origin\r\n"));
  preflight.origin = "https://evil.example";
  CHECK_FALSE(contains(ui::reply_to(preflight, callback).bytes, "Access-Control"));
  preflight.origin = own_site;
  preflight.requested_method = "DELETE";
  CHECK_FALSE(contains(ui::reply_to(preflight, callback).bytes, "Access-Control"));
}

TEST_CASE("without an allowed origin no page may fetch") {
  auto any_origin = callback;
  any_origin.origin.clear();
  CHECK_FALSE(ui::reply_to(post(""), any_origin).accepted);
  CHECK_FALSE(ui::reply_to(post(own_site), any_origin).accepted);
  CHECK(ui::reply_to(get(), any_origin).accepted);
}

TEST_CASE("markup in the texts of a page is escaped") {
  const auto html = ui::html_of({"<b>&", "\"><script>alert('x')</script>", false});
  CHECK(contains(html, "&lt;b&gt;&amp;"));
  CHECK_FALSE(contains(html, "<script>"));
  CHECK_FALSE(contains(html, "http"));
}

namespace {

using namespace std::chrono_literals;

struct Line final : ui::TypedLine {
  explicit Line(std::deque<std::string>& texts) : lines(texts) {}
  std::optional<base::Secret> poll() override {
    if (lines.empty()) return std::nullopt;
    const base::Secret line{lines.front()};
    lines.pop_front();
    return line;
  }
  std::deque<std::string>& lines;
};

struct Prompter final : ui::Prompter {
  base::Secret ask(const std::string&, const std::string&) override { return {}; }
  void print(const std::string& sentence) override { told += sentence + "\n"; }
  bool open_browser(const std::string&) override { return has_browser; }
  std::unique_ptr<ui::ProgressIndicator> show_progress(const std::string&, const std::string&) override {
    return std::make_unique<ui::ProgressIndicator>();
  }
  std::unique_ptr<ui::TypedLine> typed_line() override {
    return has_terminal ? std::make_unique<Line>(pasted) : nullptr;
  }

  bool has_browser = false;
  bool has_terminal = true;
  std::deque<std::string> pasted;
  std::string told;
};

const ui::Callback pasted_token{"/", {}, [](const ui::Fields& fields) -> std::optional<ui::Page> {
                                  if (ui::value_of(fields, "token") != "good") return std::nullopt;
                                  return ui::Page{};
                                }};

bool visit(Prompter& prompter, std::chrono::milliseconds timeout = 1min) {
  const base::SystemClock clock;
  ui::LoopbackListener listener{clock};
  return ui::wait_for_login({"https://o-a.example/sso", pasted_token, "http://localhost:1/?token=", timeout},
                            prompter, listener, clock);
}

}  // namespace

TEST_CASE("without a browser the URL is shown, and the final URL may be pasted") {
  Prompter prompter;
  prompter.pasted = {"", "http://localhost:1/?token=bad", "  http://localhost:1/?token=good "};
  CHECK(visit(prompter));
  CHECK(fakes::contains(prompter.told, "\n  https://o-a.example/sso\n"));
  CHECK(fakes::contains(prompter.told, "paste the URL"));
  CHECK(fakes::contains(prompter.told, "paste it again"));
}

TEST_CASE("without a browser and a terminal the login fails at once") {
  Prompter prompter;
  prompter.has_terminal = false;
  CHECK(fakes::error_of([&] { static_cast<void>(visit(prompter)); }).kind() == base::Kind::login_required);
  CHECK(prompter.told.empty());
}

TEST_CASE("without a terminal there is no prompt to paste") {
  Prompter prompter;
  prompter.has_terminal = false;
  prompter.has_browser = true;
  CHECK_FALSE(visit(prompter, 1ms));
  CHECK(fakes::contains(prompter.told, "has been opened"));
  CHECK_FALSE(fakes::contains(prompter.told, "paste"));
}

TEST_CASE("only plain http and https URLs may be opened") {
  for (const auto* address : {"https://a.example", "HTTPS://a.example/x?y=%20#z", "http://127.0.0.1:1/"}) {
    INFO(address);
    CHECK(ui::may_be_opened(address));
  }
  for (const auto* address :
       {"", "https://", "http://", "ftp://a", "file:///etc/passwd", "javascript:alert(1)", "--help",
        "a.example", "https://a/ b", "https://a/\n", "https://a/`x`", "https://a/\"", "https://a/'",
        "https://a/\\", "https://a/<", "https://\xC3\xA4.example"}) {
    INFO(address);
    CHECK_FALSE(ui::may_be_opened(address));
  }
}
