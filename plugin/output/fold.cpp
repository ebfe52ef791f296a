// SPDX-License-Identifier: Apache-2.0
#include "output/fold.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/text.hpp"
#include "output/text_width.hpp"

namespace output {
namespace {

bool is_space(char c) { return c == ' '; }

/// A word and the spaces around it: in front only for the first one.
std::string_view next_word(std::string_view text) {
  auto end = std::ranges::find_if_not(text, is_space);
  end = std::find_if(end, text.end(), is_space);
  end = std::find_if_not(end, text.end(), is_space);
  return {text.begin(), end};
}

std::string_view without_end_spaces(std::string_view text) {
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

/// One line of text, broken.
class Folder {
public:
  explicit Folder(std::size_t width) : width_(width) {}

  std::vector<std::string> fold(std::string_view line) {
    if (std::ranges::all_of(line, is_space)) return {std::string{line.substr(0, width_)}};
    while (!line.empty()) {
      const auto word = next_word(line);
      line.remove_prefix(word.size());
      add(word);
    }
    end_line();
    return std::move(lines_);
  }

private:
  void add(std::string_view word) {
    const auto size = width_of(without_end_spaces(word));
    if (size > width_) {
      if (!line_.empty()) end_line();
      for (const auto piece : pieces_of_width(word, width_)) {
        if (!line_.empty()) end_line();
        line_ = piece;
      }
      return;
    }
    if (size + width_of(line_) > width_) end_line();
    line_ += word;
  }

  /// Spaces may stick out of a line, and are cut off there.
  void end_line() {
    while (width_of(line_) > width_ && is_space(line_.back())) line_.pop_back();
    lines_.push_back(std::move(line_));
    line_.clear();
  }

  std::size_t width_;
  std::string line_;
  std::vector<std::string> lines_;
};

/// Takes `excess` from the columns that `may_shrink`, each the same and none more than `most`. What cannot be
/// divided goes to the earlier ones, rounded to even.
void take(std::vector<std::size_t>& widths, const std::vector<bool>& may_shrink, std::size_t excess,
          const std::vector<std::size_t>& most) {
  auto shrinking = std::ranges::count(may_shrink, true);
  for (std::size_t index = 0; index < widths.size() && shrinking > 0; ++index) {
    if (!may_shrink[index]) continue;
    const auto share = static_cast<std::size_t>(
        std::nearbyint(static_cast<double>(excess) / static_cast<double>(shrinking)));
    const auto taken = std::min(most[index], share);
    widths[index] -= taken;
    excess -= taken;
    --shrinking;
  }
}

std::size_t sum(const std::vector<std::size_t>& widths) {
  return std::accumulate(widths.begin(), widths.end(), std::size_t{0});
}

}  // namespace

std::vector<std::string> fold(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  for (const auto& line : base::split(text, '\n')) {
    for (auto& folded : Folder{std::max<std::size_t>(width, 1)}.fold(line))
      lines.push_back(std::move(folded));
  }
  return lines;
}

std::vector<std::size_t> fit(std::vector<std::size_t> widths, std::size_t available) {
  while (sum(widths) > available) {
    const std::size_t excess = sum(widths) - available;
    const std::size_t widest = *std::ranges::max_element(widths);
    std::size_t next = 0;
    std::vector<bool> is_widest;
    for (const auto width : widths) {
      is_widest.push_back(width == widest);
      if (width != widest) next = std::max(next, width);
    }
    const std::size_t step = std::min(excess, widest - next);
    if (step == 0) break;
    const auto before = sum(widths);
    take(widths, is_widest, excess, std::vector<std::size_t>(widths.size(), step));
    if (sum(widths) == before) break;
  }
  return widths;
}

}  // namespace output
