// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "token/stores/libsecret.hpp"

namespace token {

struct Unref {
  void operator()(void* object) const { libsecret().object_unref(object); }
};
/// An object of GLib's, owned.
template <typename Type>
using Object = std::unique_ptr<Type, Unref>;

/// Cancels a call of GLib that takes longer than two seconds: its functions wait as long as the other side
/// likes.
class TimeLimit {
public:
  TimeLimit();
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;
  ~TimeLimit();

  GCancellable* cancellable() const { return cancellable_.get(); }
  bool over() const;

private:
  void wait();

  Object<GCancellable> cancellable_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  bool over_ = false;
  std::thread thread_;
};

/// Throws `keyring` with what libsecret complained of when it was asked to `what`, and frees `problem`.
[[noreturn]] void fail(const char* what, GError* problem, const TimeLimit&);

/// Runs one call of libsecret, and turns what it complains of, and its silence, into an `Error`.
template <typename Call>
auto within_timeout(const char* what, const Call& call) {
  GError* problem = nullptr;
  const TimeLimit limit;
  auto result = call(limit.cancellable(), &problem);
  if (problem != nullptr) fail(what, problem, limit);
  return result;
}

}  // namespace token
