// SPDX-License-Identifier: Apache-2.0
#include "ui/browser_visit.hpp"

#include <algorithm>

#include "base/interruption.hpp"
#include "base/text.hpp"

namespace ui {
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
