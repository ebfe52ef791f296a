// SPDX-License-Identifier: Apache-2.0
// Any program on the machine may connect to the port that waits for a browser.
#include "ui/browser_callback.hpp"

extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  const std::string_view bytes{data, size};
  const auto request = ui::parse_browser_request(bytes);
  if (const auto* readable = std::get_if<ui::BrowserRequest>(&request)) {
    bool asked = false;
    const auto reply = ui::reply_to(
        *readable, {"/", "https://good.example", [&](const ui::Fields& fields) {
                      asked = true;
                      return fields.contains("token") ? std::optional{ui::Page{"<", "&"}} : std::nullopt;
                    }});
    if (reply.accepted && !asked) __builtin_trap();
    if (asked && !ui::names_loopback(readable->host)) __builtin_trap();
    // One head and no second answer smuggled into it.
    const auto head = reply.bytes.substr(0, reply.bytes.find("\r\n\r\n"));
    if (!head.starts_with("HTTP/1.1 ") || head.find("HTTP/1.1", 1) != std::string::npos) __builtin_trap();
  }
  ui::fields_in_url(bytes);
  ui::may_be_opened(bytes);
  return 0;
}
