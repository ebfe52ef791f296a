// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "ui/browser_request.hpp"
#include "ui/prompter.hpp"

namespace ui {

/// The page that the browser shows at the end of a login.
struct Page {
  std::string headline;
  std::string sentence;
  bool is_success = true;
};

/// The page as HTML that loads nothing else. The texts may come from anywhere: markup in them is escaped.
std::string html_of(const Page&);

/// The request that a browser is expected to send to this machine.
struct Callback {
  std::string path = "/";
  /// The only origin whose pages may send requests from scripts: `https://host[:port]`. None when empty.
  std::string origin;
  /// Accepts the fields if they are the expected ones, and returns the page to show; absent if they are not.
  std::function<std::optional<Page>(const Fields&)> accept;
};

/// The response to one request, and whether the callback accepted it.
struct CallbackReply {
  std::string bytes;
  bool accepted = false;
};

/// Accepts the requests of a browser login: a redirect (GET), a form that a page submits, and JSON that a
/// page of `origin` posts after a pre-flight request (`snowflake/PROTOCOL.md` 3.5). Refuses background
/// requests of other pages, and requests for other host names than this machine's.
CallbackReply reply_to(const BrowserRequest&, const Callback&);

/// The response to bytes that are not a valid request.
std::string reply_to_malformed_request();

class LoopbackListener;

/// A login in the user's browser.
struct BrowserLogin {
  std::string url;              ///< must satisfy `may_be_opened`
  Callback callback;            ///< also gets the fields of a pasted URL
  std::string redirect_prefix;  ///< beginning of the URL at which the login ends: http://127.0.0.1:1234
  std::chrono::milliseconds timeout;
  std::string hint = {};  ///< the next step when there is neither a browser nor a terminal
};

/// Opens the browser, or asks the user to open it on any machine, and waits for the result: a request from
/// the browser to the listener, or a URL that the user pastes in the terminal. True when `callback` has
/// accepted one before the timeout. Throws `login_required` at once where there is neither a browser nor a
/// terminal, as in a cron job, and `base::Interrupted`.
[[nodiscard]] bool wait_for_login(const BrowserLogin&, Prompter&, LoopbackListener&, const base::Clock&);

/// Whether a URL from a server may be passed to a browser: it must be https or http, and contain no
/// characters that have a meaning for a shell or a desktop's URL handler.
bool may_be_opened(std::string_view url);

}  // namespace ui
