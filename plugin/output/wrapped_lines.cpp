// SPDX-License-Identifier: Apache-2.0
#include "output/wrapped_lines.hpp"

#include "ui/wrapped_text.hpp"

namespace plugin::output {

WrappedLines::WrappedLines(std::ostream& stream, int descriptor)
    : stream_(stream),
      target_(stream.rdbuf()),
      flags_(stream.flags()),
      width_(ui::width_of_terminal(descriptor)) {
  if (width_ == 0) return;
  const auto state = stream.rdstate();
  stream.rdbuf(this);
  stream.setstate(state);
  // Standard error would be flushed after each piece of a line.
  stream.unsetf(std::ios::unitbuf);
}

WrappedLines::~WrappedLines() {
  if (width_ == 0) return;
  const bool is_written = write(line_);
  const auto state = stream_.rdstate();
  // This also clears the state, which says whether all was written.
  stream_.rdbuf(target_);
  stream_.clear(is_written ? state : state | std::ios::badbit);
  stream_.flags(flags_);
}

WrappedLines::int_type WrappedLines::overflow(int_type character) {
  if (traits_type::eq_int_type(character, traits_type::eof())) return traits_type::not_eof(character);
  const char c = traits_type::to_char_type(character);
  return xsputn(&c, 1) == 1 ? character : traits_type::eof();
}

std::streamsize WrappedLines::xsputn(const char* text, std::streamsize length) {
  const std::lock_guard lock{mutex_};
  line_.append(text, static_cast<std::size_t>(length));
  const auto end = line_.rfind('\n');
  if (end == std::string::npos) return length;
  const bool is_written = write(ui::wrapped(std::string_view{line_}.substr(0, end + 1), width_));
  line_.erase(0, end + 1);
  return is_written ? length : 0;
}

int WrappedLines::sync() {
  const std::lock_guard lock{mutex_};
  const bool is_written = write(line_);
  line_.clear();
  return is_written && target_->pubsync() == 0 ? 0 : -1;
}

bool WrappedLines::write(std::string_view text) {
  const auto length = static_cast<std::streamsize>(text.size());
  return target_->sputn(text.data(), length) == length;
}

}  // namespace plugin::output
