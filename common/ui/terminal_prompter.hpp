// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/environment.hpp"
#include "ui/prompter.hpp"

namespace ui {

/// Talks to the user at the terminal of this process. Messages go to standard error, and prompts to the
/// terminal itself, even when the streams are redirected.
class TerminalPrompter final : public Prompter {
public:
  explicit TerminalPrompter(const base::Environment& environment) : environment_(environment) {}

  bool can_ask() override;
  base::Secret ask(const std::string& question, const std::string& hint) override;
  std::unique_ptr<TypedLine> typed_line() override;
  void print(const std::string& sentence) override;
  /// Uses `BROWSER`, else the desktop's default browser, unless the user is connected by SSH.
  bool open_browser(const std::string& url) override;
  std::unique_ptr<ProgressIndicator> show_progress(const std::string& what,
                                                   const std::string& later) override;

private:
  const base::Environment& environment_;
};

}  // namespace ui
