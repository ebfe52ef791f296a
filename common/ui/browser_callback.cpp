// SPDX-License-Identifier: Apache-2.0
#include "ui/browser_callback.hpp"

#include "base/json.hpp"
#include "base/text.hpp"

namespace ui {
namespace {

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
/// which Snowflake's own may do, too, when it leads the person here.
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

}  // namespace ui
