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

/// What the user reads in the browser at the end of a login.
struct Page {
  std::string headline;
  std::string sentence;
  bool is_good = true;
};

/// The page as HTML that loads nothing. The texts may come from anybody: markup in them is shown, not obeyed.
std::string html_of(const Page&);

/// A whole answer over HTTP/1.1, after which the connection is closed. `more_headers` end in CR LF each.
std::string http_answer(const char* status, const char* content_type, const std::string& body,
                        const std::string& more_headers = {});

/// What a browser is to bring to this machine.
struct Callback {
  std::string path = "/";
  /// The one site whose pages may fetch or post here: `https://host`, with the port unless it is the scheme's
  /// own. None when empty.
  std::string origin;
  /// Takes the fields when they are what is waited for, and says what the user is to read; absent when they
  /// are not.
  std::function<std::optional<Page>(const Fields&)> take;
};

/// The answer to one request, and whether it brought what is waited for.
struct CallbackReply {
  std::string bytes;
  bool taken = false;
};

/// Lets in what a browser sends in which a user logs in: a GET by redirect, a form that a page posts, JSON
/// that a page of `origin` posts after its pre-flight request (`snowflake/PROTOCOL.md` 3.5). What other pages
/// send in the background is refused, and what is meant for another name than this machine's.
CallbackReply reply_to(const BrowserRequest&, const Callback&);

/// To what cannot be read.
std::string reply_to_garbage();

class LoopbackListener;

/// Leads the user to a page, and waits for what their browser brings back.
struct BrowserVisit {
  std::string address;     ///< https or http, and plain enough for a command line (`may_be_opened`)
  Callback callback;       ///< what is waited for; asked for what is pasted as well
  std::string comes_back;  ///< how the address begins at which the page ends: http://127.0.0.1:1234
  std::chrono::milliseconds timeout;
};

/// Opens the browser, or asks the user to do so on any machine, and takes the address at which that
/// one ended from the first to bring it: the browser at the listener, or a paste at the terminal. Whether
/// `callback` took something before timeout was over. Throws `base::Interrupted`.
bool visit(const BrowserVisit&, Prompter&, LoopbackListener&, const base::Clock&);

/// Whether an address that a server sent may go to a browser: https or http to some host, and nothing in
/// it that a shell or a desktop's opener could take for something else.
bool may_be_opened(std::string_view address);

}  // namespace ui
