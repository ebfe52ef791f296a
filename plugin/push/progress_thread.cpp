// SPDX-License-Identifier: Apache-2.0
#include "push/progress_thread.hpp"

#include <ostream>
#include <streambuf>
#include <string>

namespace plugin::push {
namespace {

constexpr std::chrono::milliseconds draw_interval{100};

}  // namespace

/// Replaces the buffer of a stream while progress is drawn.
class ProgressThread::InterceptedLines final : public std::streambuf {
public:
  InterceptedLines(PushProgress& progress, std::ostream& stream)
      : progress_(progress), stream_(stream), target_(stream.rdbuf()) {
    stream_.rdbuf(this);
  }
  InterceptedLines(const InterceptedLines&) = delete;
  InterceptedLines& operator=(const InterceptedLines&) = delete;
  ~InterceptedLines() override {
    const auto state = stream_.rdstate();
    stream_.rdbuf(target_);
    stream_.setstate(state);
    stream_ << text_ << std::flush;
  }

protected:
  int_type overflow(int_type character) override {
    if (traits_type::eq_int_type(character, traits_type::eof())) return traits_type::not_eof(character);
    const char byte = traits_type::to_char_type(character);
    return xsputn(&byte, 1) == 1 ? character : traits_type::eof();
  }
  std::streamsize xsputn(const char* bytes, std::streamsize size) override {
    const std::lock_guard lock{mutex_};
    text_.append(bytes, static_cast<std::size_t>(size));
    const auto end = text_.rfind('\n') + 1;
    if (end == 0) return size;
    const PushProgress::Pause pause{progress_};
    const auto length = static_cast<std::streamsize>(end);
    const bool is_written = target_->sputn(text_.data(), length) == length && target_->pubsync() == 0;
    text_.erase(0, end);
    return is_written ? size : 0;
  }

private:
  PushProgress& progress_;
  std::ostream& stream_;
  std::streambuf* target_;
  std::mutex mutex_;
  std::string text_;  ///< an incomplete line
};

ProgressThread::ProgressThread(PushProgress& progress, const base::Clock& clock, std::ostream& err)
    : progress_(progress), clock_(clock), intercepted_(std::make_unique<InterceptedLines>(progress, err)) {
  thread_ = std::thread{[this] {
    std::unique_lock lock{mutex_};
    while (!is_ended_) {
      progress_.draw(clock_.steady());
      changed_.wait_for(lock, draw_interval, [this] { return is_ended_; });
    }
  }};
}

ProgressThread::~ProgressThread() {
  {
    const std::lock_guard lock{mutex_};
    is_ended_ = true;
  }
  changed_.notify_all();
  thread_.join();
  progress_.set_phase({});
  progress_.draw(clock_.steady());
}

}  // namespace plugin::push
