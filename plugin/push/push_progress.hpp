// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"

namespace plugin::push {

/// Shows the progress of a push as Docker does. May be used from several threads.
class PushProgress {
public:
  enum class Mode { tty, plain, json, quiet };
  using Time = std::chrono::steady_clock::time_point;

  /// `width` returns the current width of the terminal.
  PushProgress(std::ostream& out, Mode mode, std::function<std::size_t()> width)
      : out_(out), mode_(mode), width_of_terminal_(std::move(width)) {}

  /// Adds a blob and returns its number. `id` is what Docker shows: 12 hexadecimal digits.
  std::size_t add(const std::string& id);
  /// A status without numbers: "Waiting", "Pushed", "Layer already exists".
  void set_status(std::size_t blob, const std::string& status, bool is_finished = false);
  /// A status with a progress bar, in bytes: "Pushing", "Compressing".
  void set_bytes(std::size_t blob, const std::string& status, std::uint64_t current, std::uint64_t total);
  /// An addition to the status: "resumed at 812MB".
  void set_note(std::size_t blob, const std::string& text);
  /// The push uses a new login since `time`, "12:04".
  void login_renewed(const std::string& time);
  /// A line about the whole push.
  void add_line(const std::string& text);
  /// What is done besides sending blobs: "Exporting the image". Shown on a terminal while no blob is being
  /// sent, and elsewhere twice a minute when there is nothing else to show. Empty for nothing.
  void set_phase(const std::string& text);

  /// Shows what has changed: on a terminal, one line for each blob is updated; elsewhere a line is printed
  /// for every change, and twice a minute for the other blobs, so that a CI job is not killed for being
  /// silent.
  void draw(Time now);

  /// While it exists, nothing is drawn on the terminal, and what was drawn is removed, so that something else
  /// can be shown or asked for there. Changes in the meantime are drawn afterwards.
  class Pause {
  public:
    explicit Pause(PushProgress&);
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;
    ~Pause();

  private:
    PushProgress& progress_;
  };

private:
  struct Row {
    std::string id;
    std::string status = "Preparing";
    std::uint64_t current = 0;
    std::uint64_t total = 0;
    std::uint64_t measured = 0;  ///< bytes at `measured_at_`
    double rate = 0;             ///< bytes per second
    std::string note;
    bool is_changed = true;
    bool is_finished = false;
  };
  void erase();
  void draw_terminal();
  void draw_lines(Time now);
  std::string text_of(const Row&) const;
  void add_json(const Row&, const std::string& note);
  std::size_t terminal_height() const;

  std::ostream& out_;
  Mode mode_;
  std::function<std::size_t()> width_of_terminal_;
  std::size_t width_ = 0;  ///< at the last `draw`
  std::mutex mutex_;
  std::vector<Row> rows_;
  std::vector<std::string> lines_;
  std::string login_renewed_;
  std::string phase_;
  std::size_t drawn_ = 0;  ///< lines on the terminal that `draw` may replace
  int pauses_ = 0;
  std::optional<Time> measured_at_;
  std::optional<Time> reported_at_;
};

}  // namespace plugin::push
