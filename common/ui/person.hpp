// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/secret.hpp"

namespace ui {

/// Shows that something is waited for, as long as it lives.
class Waiting {
public:
  virtual ~Waiting() = default;
};

/// Somebody who can be asked while a program runs. The credential helper has nobody.
class Person {
public:
  virtual ~Person() = default;
  /// What they type, unseen; empty when they only press Enter. Throws `login_required` with the hint
  /// `instead` where nobody can type, and `base::Interrupted`.
  virtual base::Secret ask(const std::string& question, const std::string& instead) = 0;
  /// Where nobody reads it goes to standard error all the same.
  virtual void tell(const std::string& sentence) = 0;
  /// Whether a browser was started.
  virtual bool open_browser(const std::string& url) = 0;
  /// `what`: "approve the sign-in on your phone".
  virtual std::unique_ptr<Waiting> waiting_for(const std::string& what) = 0;
};

}  // namespace ui
