// SPDX-License-Identifier: Apache-2.0
#pragma once

// Enables the part of libsecret that can leave a keyring locked instead of prompting the user to unlock it.
#define SECRET_API_SUBJECT_TO_CHANGE

#include <libsecret/secret.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "base/shared_library.hpp"

namespace token {

/// The functions of libsecret and GLib that this project uses; loaded when the Secret Service is first
/// needed.
struct LibSecret {
  base::SharedLibrary library{"libsecret-1.so.0", "libsecret-1-0"};
  decltype(&::secret_service_get_sync) service_get = library["secret_service_get_sync"];
  decltype(&::secret_service_search_sync) service_search = library["secret_service_search_sync"];
  decltype(&::secret_collection_for_alias_sync) collection_for_alias =
      library["secret_collection_for_alias_sync"];
  decltype(&::secret_collection_get_locked) collection_get_locked = library["secret_collection_get_locked"];
  decltype(&::secret_item_create_sync) item_create = library["secret_item_create_sync"];
  decltype(&::secret_item_delete_sync) item_delete = library["secret_item_delete_sync"];
  decltype(&::secret_item_get_locked) item_get_locked = library["secret_item_get_locked"];
  decltype(&::secret_item_get_secret) item_get_secret = library["secret_item_get_secret"];
  decltype(&::secret_item_get_attributes) item_get_attributes = library["secret_item_get_attributes"];
  decltype(&::secret_value_new) value_new = library["secret_value_new"];
  decltype(&::secret_value_get) value_get = library["secret_value_get"];
  decltype(&::secret_value_unref) value_unref = library["secret_value_unref"];
  decltype(&::g_cancellable_new) cancellable_new = library["g_cancellable_new"];
  decltype(&::g_cancellable_cancel) cancellable_cancel = library["g_cancellable_cancel"];
  decltype(&::g_object_unref) object_unref = library["g_object_unref"];
  decltype(&::g_error_free) error_free = library["g_error_free"];
  decltype(&::g_list_free) list_free = library["g_list_free"];
  decltype(&::g_hash_table_new) hash_table_new = library["g_hash_table_new"];
  decltype(&::g_hash_table_insert) hash_table_insert = library["g_hash_table_insert"];
  decltype(&::g_hash_table_lookup) hash_table_lookup = library["g_hash_table_lookup"];
  decltype(&::g_hash_table_unref) hash_table_unref = library["g_hash_table_unref"];
  decltype(&::g_str_hash) str_hash = library["g_str_hash"];
  decltype(&::g_str_equal) str_equal = library["g_str_equal"];
  decltype(&::g_log_set_default_handler) log_set_default_handler = library["g_log_set_default_handler"];
};

/// Loads libsecret with the first call. Throws `config` when it is not installed.
inline const LibSecret& libsecret() {
  static const LibSecret library;
  return library;
}

/// The deleter of `Object`.
struct Unref {
  void operator()(void* object) const { libsecret().object_unref(object); }
};
/// Owns a GLib object.
template <typename Type>
using Object = std::unique_ptr<Type, Unref>;

/// Cancels a GLib call after two seconds. GLib itself has no timeout for these calls.
class TimeLimit {
public:
  TimeLimit();
  TimeLimit(const TimeLimit&) = delete;
  TimeLimit& operator=(const TimeLimit&) = delete;
  ~TimeLimit();

  GCancellable* cancellable() const { return cancellable_.get(); }
  /// Whether the call was cancelled.
  bool expired() const;

private:
  void wait();

  Object<GCancellable> cancellable_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  bool expired_ = false;
  std::thread thread_;
};

/// Throws `keyring`: "could not `what`", with libsecret's error, which it frees.
[[noreturn]] void fail(const char* what, GError* error, const TimeLimit&);

/// Runs one libsecret call. `what` says what it does, for errors. Throws `keyring` when it fails, or takes
/// longer than two seconds.
template <typename Call>
auto within_timeout(const char* what, const Call& call) {
  GError* error = nullptr;
  const TimeLimit limit;
  auto result = call(limit.cancellable(), &error);
  if (error != nullptr) fail(what, error, limit);
  return result;
}

}  // namespace token
