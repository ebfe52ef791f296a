// SPDX-License-Identifier: Apache-2.0
#include "token/stores/libsecret.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace token {
namespace {

constexpr std::chrono::milliseconds timeout{2'000};

}  // namespace

TimeLimit::TimeLimit() : cancellable_(libsecret().cancellable_new()), thread_([this] { wait(); }) {}

TimeLimit::~TimeLimit() {
  {
    const std::lock_guard guard{mutex_};
    done_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

bool TimeLimit::expired() const {
  const std::lock_guard guard{mutex_};
  return expired_;
}

void TimeLimit::wait() {
  std::unique_lock guard{mutex_};
  if (changed_.wait_for(guard, timeout, [this] { return done_; })) return;
  expired_ = true;
  guard.unlock();
  libsecret().cancellable_cancel(cancellable_.get());
}

void fail(const char* what, GError* error, const TimeLimit& limit) {
  const std::string reason = base::printable(error->message, 300);
  libsecret().error_free(error);
  if (limit.expired()) {
    throw base::Error(base::Kind::keyring,
                      std::string{"could not "} + what + ": no answer within two seconds",
                      "check whether the desktop's keyring program hangs", base::transient);
  }
  throw base::Error(base::Kind::keyring, std::string{"could not "} + what + ": " + reason,
                    "check that the desktop's keyring program is running, and unlocked");
}

}  // namespace token
