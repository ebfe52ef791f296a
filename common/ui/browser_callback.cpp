// SPDX-License-Identifier: Apache-2.0
#include "ui/browser_callback.hpp"

#include <algorithm>
#include <string_view>

#include "base/error.hpp"
#include "base/interruption.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "ui/loopback_listener.hpp"

namespace ui {
namespace {

constexpr std::string_view page_start = R"(<!DOCTYPE html>
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
constexpr std::string_view check_mark =
    R"(<svg viewBox="0 0 48 48" stroke="#29a35a"><circle cx="24" cy="24" r="21"/><path d="M14 25l7 7 13-15"/></svg>)";
constexpr std::string_view cross_mark =
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

/// A complete HTTP/1.1 response that closes the connection. Each of `more_headers` ends in CR LF.
std::string http_response(const char* status, const char* content_type, const std::string& body,
                          const std::string& more_headers = {}) {
  return std::string{"HTTP/1.1 "} + status + "\r\nContent-Type: " + content_type +
         "\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nConnection: close\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n"
         "X-Content-Type-Options: nosniff\r\n"
         // Allows the page's own style; nothing else may be loaded or run, whatever the texts contain.
         "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
         "frame-ancestors 'none'\r\n" +
         more_headers + "\r\n" + body;
}

std::string refused(const char* status, const std::string& sentence) {
  return http_response(status, html, html_of({"Request refused", sentence, false}));
}

/// The origin in lower case, without the default port of its scheme.
std::string normalized_origin(std::string_view origin) {
  for (const auto& [scheme, port] :
       {std::pair{"https://", std::string_view{":443"}}, std::pair{"http://", std::string_view{":80"}}}) {
    if (origin.starts_with(scheme) && origin.ends_with(port)) origin.remove_suffix(port.size());
  }
  return base::to_lower(origin);
}

bool is_from_allowed_origin(const BrowserRequest& request, const Callback& callback) {
  return !callback.origin.empty() && normalized_origin(request.origin) == normalized_origin(callback.origin);
}

/// Whether a page of another site may have sent the request. A page that hides its origin sends `null`, as
/// Snowflake's own page may do when it redirects the user here.
bool is_cross_site(const BrowserRequest& request, const Callback& callback) {
  if (is_from_allowed_origin(request, callback)) return false;
  const bool is_navigation = request.fetch_mode.empty() || request.fetch_mode == "navigate";
  const bool is_top_level = request.fetch_destination.empty() || request.fetch_destination == "document";
  return !is_navigation || !is_top_level || !(request.origin.empty() || request.origin == "null");
}

std::string cors_headers(const BrowserRequest& request) {
  return "Access-Control-Allow-Origin: " + request.origin + "\r\nVary: Accept-Encoding, Origin\r\n";
}

std::string preflight_response(const BrowserRequest& request) {
  std::string headers = cors_headers(request) + "Access-Control-Allow-Methods: POST, GET\r\n";
  if (!request.requested_headers.empty())
    headers += "Access-Control-Allow-Headers: " + request.requested_headers + "\r\n";
  // Chromium requires this before a page on the internet may send requests to a loopback address.
  headers += "Access-Control-Allow-Private-Network: true\r\nAccess-Control-Max-Age: 86400\r\n";
  return http_response("200 OK", "text/plain", "", headers);
}

std::string success_response(const BrowserRequest& request, const Callback& callback, const Page& page) {
  if (!is_from_allowed_origin(request, callback) || request.fetch_mode == "navigate")
    return http_response("200 OK", html, html_of(page));
  const base::Json body = {{"consent", value_of(request.fields, "consent") != "false"}};
  return http_response("200 OK", "text/html", base::dump_json(body), cors_headers(request));
}

constexpr std::chrono::milliseconds poll_interval{200};

void explain(const BrowserLogin& login, Prompter& prompter, bool can_paste) {
  if (prompter.open_browser(login.url)) {
    prompter.print(
        "A browser window has been opened for you to log in. If it does not appear, open this URL:");
  } else if (can_paste) {
    prompter.print("To log in, open this URL in a browser on this or any other machine:");
  } else {
    throw base::Error(base::Kind::login_required,
                      "a user must log in with a browser, and there is neither a browser nor a terminal here",
                      login.hint);
  }
  prompter.print("\n  " + login.url + "\n");
  if (can_paste) {
    prompter.print(
        "If the browser ends at a page that does not load, paste the URL of that page\nhere and press Enter. "
        "Your input is not shown. The URL begins with\n  " +
        login.redirect_prefix);
  }
}

}  // namespace

std::string html_of(const Page& page) {
  std::string text{page_start};
  text += page.is_success ? check_mark : cross_mark;
  text +=
      "\n<h1>" + escaped(page.headline) + "</h1>\n<p>" + escaped(page.sentence) + "</p>\n</body>\n</html>\n";
  return text;
}

CallbackReply reply_to(const BrowserRequest& request, const Callback& callback) {
  if (!names_loopback(request.host))
    return {refused("421 Misdirected Request", "This request is for a different host.")};
  if (request.path != callback.path) return {refused("404 Not Found", "There is no such page.")};
  if (request.method == "OPTIONS") {
    const bool is_allowed = request.requested_method == "POST" || request.requested_method == "GET";
    if (is_allowed && is_from_allowed_origin(request, callback)) return {preflight_response(request)};
    return {refused("403 Forbidden", "Requests from other sites are not allowed.")};
  }
  if (request.method != "GET" && request.method != "POST")
    return {refused("405 Method Not Allowed", "Only GET and POST are allowed.")};
  if (is_cross_site(request, callback))
    return {refused("403 Forbidden", "Requests from other sites are not allowed.")};
  const auto page = callback.accept(request.fields);
  if (!page) return {refused("400 Bad Request", "This request does not belong to the current login.")};
  return {success_response(request, callback, *page), true};
}

std::string reply_to_malformed_request() {
  return refused("400 Bad Request", "This is not a valid request from a browser.");
}

bool wait_for_login(const BrowserLogin& login, Prompter& prompter, LoopbackListener& listener,
                    const base::Clock& clock) {
  const auto typed = prompter.typed_line();
  explain(login, prompter, typed != nullptr);
  const auto progress = prompter.show_progress("log in with the browser");
  const base::Deadline deadline{clock, login.timeout};
  while (!deadline.expired()) {
    base::throw_if_interrupted();
    if (listener.serve(login.callback, std::min(poll_interval, deadline.left()))) return true;
    const auto line = typed ? typed->poll() : std::nullopt;
    if (!line || line->empty()) continue;
    if (login.callback.accept(fields_in_url(line->reveal()))) return true;
    prompter.print(
        "That is not the URL of the last page of this login. Copy the whole URL and paste it again.");
  }
  return false;
}

bool may_be_opened(std::string_view url) {
  const auto lower = base::to_lower(url.substr(0, 9));
  const bool is_web = (lower.starts_with("https://") && lower.size() > 8) ||
                      (lower.starts_with("http://") && lower.size() > 7);
  return is_web && std::ranges::all_of(url, [](char c) {
           return c > ' ' && c <= '~' && std::string_view{"\"'`\\<>"}.find(c) == std::string_view::npos;
         });
}

}  // namespace ui
