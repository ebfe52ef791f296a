// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ui {

/// What a person reads in the browser, where a sign-in ends.
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

}  // namespace ui
