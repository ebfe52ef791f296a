// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "token/stores/tiered_store.hpp"
#include "token/token_store.hpp"

namespace fakes {

/// A clock that moves when a test moves it, and during a sleep.
class FakeClock final : public base::Clock {
public:
  base::TimePoint now() const override { return base::TimePoint{wall_}; }
  std::chrono::steady_clock::time_point steady() const override {
    return std::chrono::steady_clock::time_point{steady_};
  }
  void sleep(std::chrono::milliseconds duration) override {
    slept.push_back(duration);
    advance(duration);
  }

  void advance(std::chrono::milliseconds duration) {
    steady_ += duration;
    rest_ += duration;
    wall_ += std::chrono::floor<std::chrono::seconds>(rest_);
    rest_ -= std::chrono::floor<std::chrono::seconds>(rest_);
  }
  /// Changes the wall-clock time, as when a user sets the clock.
  void step(std::chrono::seconds seconds) { wall_ += seconds; }

  std::vector<std::chrono::milliseconds> slept;

private:
  std::chrono::seconds wall_{1'800'000'000};
  std::chrono::milliseconds rest_{0};
  std::chrono::milliseconds steady_{1'000'000};
};

/// A store that can fail, and counts calls.
class MemoryStore final : public token::TokenStore {
public:
  std::string name() const override { return "memory"; }
  void check() override { use(); }
  std::optional<base::Secret> load(const token::StoreKey& key) override {
    use();
    ++loads;
    const auto found = secrets.find(key);
    if (found == secrets.end()) return std::nullopt;
    return found->second;
  }
  void save(const token::StoreKey& key, const base::Secret& secret, base::TimePoint) override {
    use();
    ++saves;
    if (full) throw base::Error(base::Kind::keyring, "the store is full");
    secrets.insert_or_assign(key, secret);
  }
  bool erase(const token::StoreKey& key) override {
    use();
    ++erasures;
    return secrets.erase(key) > 0;
  }
  std::vector<token::StoreKey> keys() override {
    use();
    std::vector<token::StoreKey> keys;
    for (const auto& [key, secret] : secrets) keys.push_back(key);
    return keys;
  }

  std::map<token::StoreKey, base::Secret> secrets;
  bool broken = false;
  bool missing = false;
  bool full = false;
  int erasures = 0;
  int loads = 0;
  int saves = 0;

private:
  void use() const {
    if (missing) throw token::StoreMissing("there is no such store", "");
    if (broken) throw base::Error(base::Kind::keyring, "the store is broken");
  }
};

/// Stores in memory.
struct MemoryStores {
  static std::unique_ptr<token::TieredStore> tiered(MemoryStore*& store) {
    auto memory = std::make_unique<MemoryStore>();
    store = memory.get();
    std::vector<std::unique_ptr<token::TokenStore>> list;
    list.push_back(std::move(memory));
    return std::make_unique<token::TieredStore>(std::move(list));
  }

  MemoryStore* ready = nullptr;
  MemoryStore* credentials = nullptr;
  token::Stores stores{tiered(ready), tiered(credentials)};
};

/// A temporary directory that is removed at the end of the test.
class TemporaryDirectory {
public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "dcs-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path_ = name;
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

/// Runs `action`, which must throw `base::Error`, and returns the error.
inline base::Error error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const base::Error& error) {
    return error;
  }
  throw std::logic_error("nothing was thrown");
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace fakes
