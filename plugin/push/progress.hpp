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

/// Shows the progress of a push, in Docker's words. May be used from several threads.
class Progress {
public:
  enum class Mode { tty, plain, json, quiet };
  using Time = std::chrono::steady_clock::time_point;

  /// `width` tells how many cells a line of the terminal has at the moment.
  Progress(std::ostream& out, Mode mode, std::function<std::size_t()> width)
      : out_(out), mode_(mode), width_of_terminal_(std::move(width)) {}

  /// One more blob, and its number. `id` is what Docker shows: 12 hexadecimal digits.
  std::size_t add(const std::string& id);
  /// A state without numbers: "Waiting", "Pushed", "Layer already exists".
  void set(std::size_t blob, const std::string& status, bool is_finished = false);
  /// How far it is with `status`: "Pushing", "Compressing".
  void move(std::size_t blob, const std::string& status, std::uint64_t current, std::uint64_t total);
  /// Something that happened to it: "resumed at 812MB".
  void note(std::size_t blob, const std::string& text);
  /// The push has used a new login since `time`, "12:04".
  void login_renewed(const std::string& time);
  /// A line about the push as a whole.
  void line(const std::string& text);
  /// What else is being done: "Exporting the image". Shown on a terminal while no blob is being sent, and
  /// elsewhere twice a minute when there is nothing else to show. Empty for nothing.
  void phase(const std::string& text);

  /// Shows what is new: on a terminal, each blob in a line of its own that changes; elsewhere every change,
  /// and twice a minute how far the others are, so that a CI job is not killed for being silent.
  void draw(Time now);

  /// For as long as it lives, nothing is drawn on the terminal, and what was drawn is removed: something else
  /// is shown there, or asked for. What is told in the meantime is drawn afterwards.
  class Pause {
  public:
    explicit Pause(Progress&);
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;
    ~Pause();

  private:
    Progress& progress_;
  };

private:
  struct Row {
    std::string id;
    std::string status = "Preparing";
    std::uint64_t current = 0;
    std::uint64_t total = 0;
    std::uint64_t shown = 0;  ///< bytes at the last look, for the rate
    double rate = 0;          ///< bytes a second
    std::string note;
    bool is_changed = true;
    bool is_finished = false;
  };
  void erase();
  void draw_terminal();
  void draw_lines(Time now);
  std::string text_of(const Row&) const;
  void event(const Row&, const std::string& note);
  std::size_t rows_of_terminal() const;

  std::ostream& out_;
  Mode mode_;
  std::function<std::size_t()> width_of_terminal_;
  std::size_t width_ = 0;  ///< when it was drawn last
  std::mutex mutex_;
  std::vector<Row> rows_;
  std::vector<std::string> lines_;
  std::string login_renewed_;
  std::string phase_;
  std::size_t drawn_ = 0;  ///< lines on the terminal that are ours
  int pauses_ = 0;
  std::optional<Time> looked_at_;
  std::optional<Time> reported_at_;
};

}  // namespace plugin::push
