// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/secret.hpp"

namespace ui {

/// Shows that the program is waiting, for as long as it exists.
class ProgressIndicator {
public:
  virtual ~ProgressIndicator() = default;
};

/// A line that the user may type while the program waits for something else. The input is hidden.
class TypedLine {
public:
  virtual ~TypedLine() = default;
  /// The line, once the user has pressed Enter; the next call begins a new line. Does not wait. Throws
  /// `base::Interrupted` for Ctrl-D.
  virtual std::optional<base::Secret> poll() = 0;
};

/// Talks to the user. The credential helper usually runs without one.
class Prompter {
public:
  virtual ~Prompter() = default;
  /// Whether `ask` can: false when there is no terminal.
  virtual bool can_ask() { return true; }
  /// Reads hidden input; empty when the user just presses Enter. Throws `login_required` with `hint` when
  /// there is no terminal, and `base::Interrupted`.
  virtual base::Secret ask(const std::string& question, const std::string& hint) = 0;
  /// The user may type for as long as the result exists. Null when there is no terminal.
  virtual std::unique_ptr<TypedLine> typed_line() { return nullptr; }
  /// Prints to standard error, whether or not it is a terminal.
  virtual void print(const std::string& sentence) = 0;
  /// True when a browser was started.
  virtual bool open_browser(const std::string& url) = 0;
  /// Shows what the program waits for, such as "approve the login on your phone". After two seconds, `later`
  /// replaces `what`, unless it is empty.
  virtual std::unique_ptr<ProgressIndicator> show_progress(const std::string& what,
                                                           const std::string& later) = 0;
  /// Shows the same text all the time.
  std::unique_ptr<ProgressIndicator> show_progress(const std::string& what) {
    return show_progress(what, {});
  }
};

}  // namespace ui
