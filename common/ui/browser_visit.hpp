// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "base/clock.hpp"
#include "ui/loopback_listener.hpp"
#include "ui/prompter.hpp"

namespace ui {

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
