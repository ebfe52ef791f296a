// SPDX-License-Identifier: Apache-2.0
#include "ui/browser_callback.hpp"

#include <algorithm>
#include <string_view>

#include "base/interruption.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "ui/loopback_listener.hpp"

namespace ui {
namespace {

constexpr std::string_view before_mark = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>docker snowflake</title>
<style>
body { font: 1.1rem/1.5 system-ui, sans-serif; min-height: 90vh; display: grid; place-content: center;
  text-align: center; margin: 1rem; }
h1 { font-size: 1.6rem; font-weight: 600; margin: .5rem; }
p { margin: 0; max-width: 36rem; opacity: .8; }
svg { width: 4rem; margin: 0 auto; fill: none; stroke-width: 3; stroke-linecap: round; stroke-linejoin: round; }
</style>
</head>
<body>
)";
constexpr std::string_view good_mark =
    R"(<svg viewBox="0 0 48 48" stroke="#29a35a"><circle cx="24" cy="24" r="21"/><path d="M14 25l7 7 13-15"/></svg>)";
constexpr std::string_view bad_mark =
    R"(<svg viewBox="0 0 48 48" stroke="#d0453b"><circle cx="24" cy="24" r="21"/><path d="M17 17l14 14M31 17L17 31"/></svg>)";

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

constexpr const char* html = "text/html; charset=utf-8";

std::string refused(const char* status, const std::string& sentence) {
  return http_answer(status, html, html_of({"Nothing to see here", sentence, false}));
}

/// The port of the scheme may be written out or not.
std::string without_usual_port(std::string_view origin) {
  for (const auto& [scheme, port] :
       {std::pair{"https://", std::string_view{":443"}}, std::pair{"http://", std::string_view{":80"}}}) {
    if (origin.starts_with(scheme) && origin.ends_with(port)) origin.remove_suffix(port.size());
  }
  return base::to_lower(origin);
}

bool comes_from_callers_site(const BrowserRequest& request, const Callback& callback) {
  return !callback.origin.empty() &&
         without_usual_port(request.origin) == without_usual_port(callback.origin);
}

/// Whether a page of a foreign site is behind this. Its Origin is `null` when it hides where it comes from,
/// which Snowflake's own may do, too, when it leads the user here.
bool comes_from_elsewhere(const BrowserRequest& request, const Callback& callback) {
  if (comes_from_callers_site(request, callback)) return false;
  const bool is_shown = request.fetch_mode.empty() || request.fetch_mode == "navigate";
  const bool fills_window = request.fetch_destination.empty() || request.fetch_destination == "document";
  return !is_shown || !fills_window || !(request.origin.empty() || request.origin == "null");
}

std::string cors_headers(const BrowserRequest& request) {
  return "Access-Control-Allow-Origin: " + request.origin + "\r\nVary: Accept-Encoding, Origin\r\n";
}

std::string permission(const BrowserRequest& request) {
  std::string headers = cors_headers(request) + "Access-Control-Allow-Methods: POST, GET\r\n";
  if (!request.asked_headers.empty())
    headers += "Access-Control-Allow-Headers: " + request.asked_headers + "\r\n";
  // Chromium asks for this before a page of the internet may reach a loopback address.
  headers += "Access-Control-Allow-Private-Network: true\r\nAccess-Control-Max-Age: 86400\r\n";
  return http_answer("200 OK", "text/plain", "", headers);
}

std::string thanks(const BrowserRequest& request, const Callback& callback, const Page& page) {
  if (!comes_from_callers_site(request, callback) || request.fetch_mode == "navigate")
    return http_answer("200 OK", html, html_of(page));
  const base::Json body = {{"consent", value_of(request.fields, "consent") != "false"}};
  return http_answer("200 OK", "text/html", body.dump(), cors_headers(request));
}

}  // namespace

std::string html_of(const Page& page) {
  std::string text{before_mark};
  text += page.is_good ? good_mark : bad_mark;
  text +=
      "\n<h1>" + escaped(page.headline) + "</h1>\n<p>" + escaped(page.sentence) + "</p>\n</body>\n</html>\n";
  return text;
}

std::string http_answer(const char* status, const char* content_type, const std::string& body,
                        const std::string& more_headers) {
  return std::string{"HTTP/1.1 "} + status + "\r\nContent-Type: " + content_type +
         "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nConnection: close\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n"
         "X-Content-Type-Options: nosniff\r\n"
         // The style is the page's own; nothing else may be loaded or run, whatever the texts hold.
         "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
         "frame-ancestors 'none'\r\n" +
         more_headers + "\r\n" + body;
}

CallbackReply reply_to(const BrowserRequest& request, const Callback& callback) {
  if (!names_loopback(request.host)) return {refused("421 Misdirected Request", "This is another machine.")};
  if (request.path != callback.path) return {refused("404 Not Found", "There is no such page.")};
  if (request.method == "OPTIONS") {
    const bool is_allowed = request.asked_method == "POST" || request.asked_method == "GET";
    if (is_allowed && comes_from_callers_site(request, callback)) return {permission(request)};
    return {refused("403 Forbidden", "This is not for pages of that site.")};
  }
  if (request.method != "GET" && request.method != "POST")
    return {refused("405 Method Not Allowed", "This takes GET and POST.")};
  if (comes_from_elsewhere(request, callback))
    return {refused("403 Forbidden", "This is not for pages of that site.")};
  const auto page = callback.take(request.fields);
  if (!page) return {refused("400 Bad Request", "This does not belong to the sign-in that is waited for.")};
  return {thanks(request, callback, *page), true};
}

std::string reply_to_garbage() { return refused("400 Bad Request", "This is no request of a browser."); }

namespace {

constexpr std::chrono::milliseconds between_looks{200};

void explain(const BrowserVisit& visit, Prompter& prompter, bool can_paste) {
  if (prompter.open_browser(visit.address)) {
    prompter.tell("A browser has been opened to sign in. If you see none, open this address yourself:");
  } else {
    prompter.tell("To sign in, open this address in a browser, on this machine or on any other:");
  }
  prompter.tell("\n  " + visit.address + "\n");
  if (can_paste) {
    prompter.tell("If the browser ends at a page that does not load (" + visit.comes_back +
                  "...), paste the address\nof that page here and press Enter; it is not shown.");
  }
}

}  // namespace

bool visit(const BrowserVisit& visit, Prompter& prompter, LoopbackListener& listener,
           const base::Clock& clock) {
  const auto typed = prompter.typed_line();
  explain(visit, prompter, typed != nullptr);
  const auto waiting = prompter.show_progress("sign in with the browser");
  const base::Deadline deadline{clock, visit.timeout};
  while (!deadline.over()) {
    base::throw_if_interrupted();
    if (listener.serve(visit.callback, std::min(between_looks, deadline.left()))) return true;
    const auto line = typed ? typed->poll() : std::nullopt;
    if (!line || line->empty()) continue;
    if (visit.callback.take(fields_of_address(line->reveal()))) return true;
    prompter.tell(
        "That address is not the one at which this sign-in ended. Copy it whole, and paste it again.");
  }
  return false;
}

bool may_be_opened(std::string_view address) {
  const auto lower = base::to_lower(address.substr(0, 9));
  const bool is_web = (lower.starts_with("https://") && lower.size() > 8) ||
                      (lower.starts_with("http://") && lower.size() > 7);
  return is_web && std::ranges::all_of(address, [](char c) {
           return c > ' ' && c <= '~' && std::string_view{"\"'`\\<>"}.find(c) == std::string_view::npos;
         });
}

}  // namespace ui
