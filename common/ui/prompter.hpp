// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/secret.hpp"

namespace ui {

/// Shows that something is waited for, as long as it lives.
class ProgressIndicator {
public:
  virtual ~ProgressIndicator() = default;
};

/// A line that may be typed while something else is waited for. What was typed is not shown.
class TypedLine {
public:
  virtual ~TypedLine() = default;
  /// The line, once Enter was pressed; the next call begins another one. Does not wait. Throws
  /// `base::Interrupted` for Ctrl-D.
  virtual std::optional<base::Secret> poll() = 0;
};

/// Asks and tells the user while a program runs. The credential helper mostly runs without one.
class Prompter {
public:
  virtual ~Prompter() = default;
  /// What they type, unseen; empty when they only press Enter. Throws `login_required` with the hint
  /// `instead` where there is no terminal, and `base::Interrupted`.
  virtual base::Secret ask(const std::string& question, const std::string& instead) = 0;
  /// Lets them type while something else goes on, as long as the result lives; none where there is no
  /// terminal.
  virtual std::unique_ptr<TypedLine> typed_line() { return nullptr; }
  /// Goes to standard error, whether or not that is a terminal.
  virtual void tell(const std::string& sentence) = 0;
  /// Whether a browser was started.
  virtual bool open_browser(const std::string& url) = 0;
  /// `what`: "approve the login on your phone".
  virtual std::unique_ptr<ProgressIndicator> show_progress(const std::string& what) = 0;
};

}  // namespace ui
