// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <stdexcept>
#include <vector>

#include "base/error.hpp"
#include "ui/prompter.hpp"

namespace fakes {

/// A user who types prepared input. Records all prompts and messages.
class FakePrompter final : public ui::Prompter {
public:
  bool can_ask() override { return has_terminal; }
  base::Secret ask(const std::string& question, const std::string& instead) override {
    questions.push_back(question);
    if (!has_terminal) throw base::Error(base::Kind::login_required, "no terminal", instead);
    if (answers.empty()) throw std::logic_error("a question too many: " + question);
    const base::Secret answer{answers.front()};
    answers.pop_front();
    return answer;
  }
  std::unique_ptr<ui::TypedLine> typed_line() override {
    struct Line final : ui::TypedLine {
      explicit Line(FakePrompter& fake) : prompter(fake) {}
      std::optional<base::Secret> poll() override {
        if (!prompter.paste || prompter.opened.empty()) return std::nullopt;
        return base::Secret{prompter.paste(prompter.opened.back())};
      }
      FakePrompter& prompter;
    };
    return std::make_unique<Line>(*this);
  }
  void print(const std::string& sentence) override { told.push_back(sentence); }
  bool open_browser(const std::string& url) override {
    opened.push_back(url);
    return true;
  }
  std::unique_ptr<ui::ProgressIndicator> show_progress(const std::string& what,
                                                       const std::string& later) override {
    waited_for.push_back(what);
    if (!later.empty()) waited_for.push_back(later);
    return std::make_unique<ui::ProgressIndicator>();
  }

  bool has_terminal = true;
  std::deque<std::string> answers;
  /// The text that is pasted after a URL was opened, if any.
  std::function<std::string(const std::string& address)> paste;
  std::vector<std::string> questions;
  std::vector<std::string> told;
  std::vector<std::string> opened;
  std::vector<std::string> waited_for;
};

}  // namespace fakes
