// SPDX-License-Identifier: Apache-2.0
#include "ui/browser_page.hpp"

#include <string_view>

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

}  // namespace

std::string html_of(const Page& page) {
  std::string html{before_mark};
  html += page.is_good ? good_mark : bad_mark;
  html +=
      "\n<h1>" + escaped(page.headline) + "</h1>\n<p>" + escaped(page.sentence) + "</p>\n</body>\n</html>\n";
  return html;
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

}  // namespace ui
