// SPDX-License-Identifier: Apache-2.0
#include "ui/browser_visit.hpp"

#include <deque>

#include "support/catch.hpp"
#include "support/fakes.hpp"

namespace {

using namespace std::chrono_literals;

struct Line final : ui::TypedLine {
  explicit Line(std::deque<std::string>& texts) : lines(texts) {}
  std::optional<base::Secret> poll() override {
    if (lines.empty()) return std::nullopt;
    const base::Secret line{lines.front()};
    lines.pop_front();
    return line;
  }
  std::deque<std::string>& lines;
};

struct Prompter final : ui::Prompter {
  base::Secret ask(const std::string&, const std::string&) override { return {}; }
  void tell(const std::string& sentence) override { told += sentence + "\n"; }
  bool open_browser(const std::string&) override { return has_browser; }
  std::unique_ptr<ui::ProgressIndicator> show_progress(const std::string&) override {
    return std::make_unique<ui::ProgressIndicator>();
  }
  std::unique_ptr<ui::TypedLine> typed_line() override {
    return has_terminal ? std::make_unique<Line>(pasted) : nullptr;
  }

  bool has_browser = false;
  bool has_terminal = true;
  std::deque<std::string> pasted;
  std::string told;
};

const ui::Callback callback{"/", {}, [](const ui::Fields& fields) -> std::optional<ui::Page> {
                              if (ui::value_of(fields, "token") != "good") return std::nullopt;
                              return ui::Page{};
                            }};

bool visit(Prompter& prompter, std::chrono::milliseconds timeout = 1min) {
  const base::SystemClock clock;
  ui::LoopbackListener listener{clock};
  return ui::visit({"https://o-a.example/sso", callback, "http://localhost:1/?token=", timeout}, prompter,
                   listener, clock);
}

}  // namespace

TEST_CASE("without a browser the address is shown, and what it ended at may be pasted") {
  Prompter prompter;
  prompter.pasted = {"", "http://localhost:1/?token=bad", "  http://localhost:1/?token=good "};
  CHECK(visit(prompter));
  CHECK(fakes::contains(prompter.told, "\n  https://o-a.example/sso\n"));
  CHECK(fakes::contains(prompter.told, "paste the address"));
  CHECK(fakes::contains(prompter.told, "paste it again"));
}

TEST_CASE("nobody is asked to paste where nobody can") {
  Prompter prompter;
  prompter.has_terminal = false;
  prompter.has_browser = true;
  CHECK_FALSE(visit(prompter, 1ms));
  CHECK(fakes::contains(prompter.told, "has been opened"));
  CHECK_FALSE(fakes::contains(prompter.told, "paste"));
}

TEST_CASE("only plain addresses of the web may be opened") {
  for (const auto* address : {"https://a.example", "HTTPS://a.example/x?y=%20#z", "http://127.0.0.1:1/"}) {
    INFO(address);
    CHECK(ui::may_be_opened(address));
  }
  for (const auto* address :
       {"", "https://", "http://", "ftp://a", "file:///etc/passwd", "javascript:alert(1)", "--help",
        "a.example", "https://a/ b", "https://a/\n", "https://a/`x`", "https://a/\"", "https://a/'",
        "https://a/\\", "https://a/<", "https://\xC3\xA4.example"}) {
    INFO(address);
    CHECK_FALSE(ui::may_be_opened(address));
  }
}
