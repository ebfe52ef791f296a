// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/environment.hpp"
#include "ui/prompter.hpp"

namespace ui {

/// The user at the terminal of this process. Sentences go to standard error; questions to the terminal
/// itself, wherever the streams lead.
class Terminal final : public Prompter {
public:
  explicit Terminal(const base::Environment& environment) : environment_(environment) {}

  /// Whether this process has a terminal that a user may sit at. Nothing is opened before something is
  /// asked.
  static bool is_there();

  base::Secret ask(const std::string& question, const std::string& instead) override;
  std::unique_ptr<TypedLine> typed_line() override;
  void tell(const std::string& sentence) override;
  /// `BROWSER` first; else the desktop's own, unless the user is at the other end of SSH.
  bool open_browser(const std::string& url) override;
  std::unique_ptr<ProgressIndicator> show_progress(const std::string& what) override;

private:
  const base::Environment& environment_;
};

}  // namespace ui
