// SPDX-License-Identifier: Apache-2.0
#include "push/push_progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <ostream>
#include <utility>

#include "base/json.hpp"
#include "base/text.hpp"
#include "output/terminal_text.hpp"
#include "output/units.hpp"

namespace plugin::push {
namespace {

using namespace std::chrono_literals;

constexpr auto report_interval = 30s;
constexpr auto rate_interval = 1s;
constexpr std::size_t bar_size = 50;
constexpr std::size_t min_width_for_bar = 110;

std::string bar_of(std::uint64_t current, std::uint64_t total) {
  const auto filled = static_cast<std::size_t>(static_cast<double>(current) / static_cast<double>(total) *
                                               static_cast<double>(bar_size));
  std::string bar(std::min(filled, bar_size), '=');
  if (bar.size() < bar_size) bar += '>';
  bar.resize(bar_size, ' ');
  return "[" + bar + "]  ";
}

std::string time_left(double seconds) {
  const auto whole = static_cast<std::uint64_t>(seconds);
  if (whole < 60) return std::to_string(whole) + "s left";
  if (whole < 3600) return std::to_string(whole / 60) + "m" + std::to_string(whole % 60) + "s left";
  return std::to_string(whole / 3600) + "h" + std::to_string(whole / 60 % 60) + "m left";
}

/// The beginning of a line, cut so that it does not wrap on a terminal of this width.
std::string fitting(const std::string& text, std::size_t width) {
  const auto pieces = output::pieces_of_width(text, std::max<std::size_t>(width, 2) - 1);
  return pieces.empty() ? "" : std::string{pieces.front()};
}

}  // namespace

std::size_t PushProgress::add(const std::string& id) {
  const std::lock_guard lock{mutex_};
  rows_.emplace_back().id = id;
  return rows_.size() - 1;
}

void PushProgress::set_status(std::size_t blob, const std::string& status, bool is_finished) {
  const std::lock_guard lock{mutex_};
  auto& row = rows_[blob];
  row.is_changed = row.is_changed || row.status != status;
  row.status = status;
  row.is_finished = is_finished;
  row.current = row.total = row.measured = 0;
  row.rate = 0;
}

void PushProgress::set_bytes(std::size_t blob, const std::string& status, std::uint64_t current,
                             std::uint64_t total) {
  const std::lock_guard lock{mutex_};
  auto& row = rows_[blob];
  if (row.status != status || row.total != total) {
    row.is_changed = true;
    row.measured = current;
    row.rate = 0;
  }
  row.status = status;
  row.current = current;
  row.total = total;
}

void PushProgress::set_note(std::size_t blob, const std::string& text) {
  const std::lock_guard lock{mutex_};
  auto& row = rows_[blob];
  row.note = text;
  if (mode_ == Mode::plain) lines_.push_back(row.id + ": " + text);
  if (mode_ == Mode::json) add_json(row, text);
}

void PushProgress::login_renewed(const std::string& time) {
  const std::lock_guard lock{mutex_};
  if (login_renewed_ == time) return;
  login_renewed_ = time;
  if (mode_ == Mode::plain) lines_.push_back("Login renewed " + time);
  if (mode_ == Mode::json)
    lines_.push_back(base::OrderedJson{{"status", "Login renewed"}, {"time", time}}.dump());
}

void PushProgress::add_line(const std::string& text) {
  const std::lock_guard lock{mutex_};
  lines_.push_back(mode_ == Mode::json ? base::OrderedJson{{"status", text}}.dump() : text);
}

void PushProgress::set_phase(const std::string& text) {
  const std::lock_guard lock{mutex_};
  phase_ = text;
}

std::string PushProgress::text_of(const Row& row) const {
  std::string text = row.id + ": " + row.status;
  if (row.total > 0) {
    text += " ";
    if (mode_ == Mode::tty && width_ > min_width_for_bar) text += bar_of(row.current, row.total);
    text += output::human_size(row.current) + "/" + output::human_size(row.total);
    if (row.rate > 0) {
      text += "  " + output::human_size(static_cast<std::uint64_t>(row.rate)) + "/s  " +
              time_left(static_cast<double>(row.total - std::min(row.current, row.total)) / row.rate);
    }
  }
  if (mode_ != Mode::tty || row.is_finished) return text;
  std::vector<std::string> notes;
  if (!login_renewed_.empty() && row.total > 0) notes.push_back("login renewed " + login_renewed_);
  if (!row.note.empty()) notes.push_back(row.note);
  return notes.empty() ? text : text + "  (" + base::join(notes, ", ") + ")";
}

void PushProgress::add_json(const Row& row, const std::string& note) {
  base::OrderedJson json{{"id", row.id}, {"status", row.status}};
  if (row.total > 0) {
    json["current"] = row.current;
    json["total"] = row.total;
  }
  if (!note.empty()) json["note"] = note;
  lines_.push_back(base::dump_json(json));
}

std::size_t PushProgress::terminal_height() const {
  winsize size{};
  constexpr std::size_t otherwise = 24;
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 ? size.ws_row : otherwise;
}

void PushProgress::draw(Time now) {
  const std::lock_guard lock{mutex_};
  if (mode_ == Mode::tty && pauses_ > 0) return;
  if (!measured_at_) measured_at_ = reported_at_ = now;
  if (const auto passed = now - *measured_at_; passed >= rate_interval) {
    for (auto& row : rows_) {
      const auto current_rate = static_cast<double>(row.current - std::min(row.measured, row.current)) /
                                std::chrono::duration<double>(passed).count();
      row.rate = row.rate == 0 ? current_rate : row.rate * 0.7 + current_rate * 0.3;
      row.measured = row.current;
    }
    measured_at_ = now;
  }
  if (mode_ == Mode::tty) {
    draw_terminal();
  } else {
    draw_lines(now);
  }
  out_.flush();
}

PushProgress::Pause::Pause(PushProgress& progress) : progress_(progress) {
  const std::lock_guard lock{progress_.mutex_};
  if (progress_.pauses_++ == 0) progress_.erase();
}

PushProgress::Pause::~Pause() {
  const std::lock_guard lock{progress_.mutex_};
  --progress_.pauses_;
}

/// Removes the lines of the blobs, and prints those about the whole push, which stay.
void PushProgress::erase() {
  if (mode_ != Mode::tty) return;
  if (drawn_ > 0) out_ << "\x1b[" << drawn_ << "A\x1b[J";
  for (const auto& line : lines_) out_ << line << '\n';
  lines_.clear();
  drawn_ = 0;
  out_.flush();
}

void PushProgress::draw_terminal() {
  // A line may be longer than the terminal is wide, so a remainder of what was drawn could follow it.
  if (!lines_.empty()) erase();
  const auto width = width_of_terminal_();
  // A narrower window may have wrapped the lines: what was drawn stays above.
  if (width < std::exchange(width_, width)) drawn_ = 0;
  if (drawn_ > 0) out_ << "\x1b[" << drawn_ << 'A';
  // Lines that have scrolled off the top of the terminal can no longer be reached.
  const auto room = std::max<std::size_t>(terminal_height(), 4) - 2;
  const bool only_active = rows_.size() > room;
  std::size_t drawn = 0;
  for (const auto& row : rows_) {
    if (only_active && (row.is_finished || drawn == room)) continue;
    // A wrapped line would count as two.
    out_ << "\x1b[2K" << fitting(text_of(row), width) << '\n';
    ++drawn;
  }
  if (!phase_.empty() && std::ranges::all_of(rows_, &Row::is_finished)) {
    out_ << "\x1b[2K" << fitting(phase_, width) << '\n';
    ++drawn;
  }
  const auto left = drawn_ > drawn ? drawn_ - drawn : 0;
  for (std::size_t i = 0; i < left; ++i) out_ << "\x1b[2K\n";
  if (left > 0) out_ << "\x1b[" << left << 'A';
  drawn_ = drawn;
}

void PushProgress::draw_lines(Time now) {
  const bool is_time = now - *reported_at_ >= report_interval;
  if (is_time) reported_at_ = now;
  for (auto& row : rows_) {
    const bool is_moving = is_time && !row.is_finished && row.total > 0;
    if (!row.is_changed && !is_moving) continue;
    row.is_changed = false;
    if (mode_ == Mode::json) {
      add_json(row, "");
    } else {
      lines_.push_back(is_moving ? text_of(row) : row.id + ": " + row.status);
    }
  }
  if (is_time && lines_.empty() && !phase_.empty())
    lines_.push_back(mode_ == Mode::json ? base::OrderedJson{{"status", phase_}}.dump() : phase_);
  if (mode_ != Mode::quiet) {
    for (const auto& line : lines_) out_ << line << '\n';
  }
  lines_.clear();
}

}  // namespace plugin::push
