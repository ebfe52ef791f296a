// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <curl/curl.h>

#include <cstdlib>
#include <cstring>

#include <malloc.h>

#include "base/error.hpp"
#include "base/shared_library.hpp"

namespace net {

/// The functions of libcurl that this project uses; loaded with the first request.
struct LibCurl {
  base::SharedLibrary library{"libcurl.so.4", "libcurl4"};
  decltype(&::curl_global_init_mem) global_init_mem = library["curl_global_init_mem"];
  decltype(&::curl_easy_init) easy_init = library["curl_easy_init"];
  decltype(&::curl_easy_reset) easy_reset = library["curl_easy_reset"];
  decltype(&::curl_easy_setopt) easy_setopt = library["curl_easy_setopt"];
  decltype(&::curl_easy_getinfo) easy_getinfo = library["curl_easy_getinfo"];
  decltype(&::curl_easy_strerror) easy_strerror = library["curl_easy_strerror"];
  decltype(&::curl_easy_cleanup) easy_cleanup = library["curl_easy_cleanup"];
  decltype(&::curl_multi_init) multi_init = library["curl_multi_init"];
  decltype(&::curl_multi_add_handle) multi_add_handle = library["curl_multi_add_handle"];
  decltype(&::curl_multi_perform) multi_perform = library["curl_multi_perform"];
  decltype(&::curl_multi_poll) multi_poll = library["curl_multi_poll"];
  decltype(&::curl_multi_info_read) multi_info_read = library["curl_multi_info_read"];
  decltype(&::curl_multi_remove_handle) multi_remove_handle = library["curl_multi_remove_handle"];
  decltype(&::curl_multi_cleanup) multi_cleanup = library["curl_multi_cleanup"];
  decltype(&::curl_slist_append) slist_append = library["curl_slist_append"];
  decltype(&::curl_slist_free_all) slist_free_all = library["curl_slist_free_all"];
  decltype(&::curl_url) url = library["curl_url"];
  decltype(&::curl_url_set) url_set = library["curl_url_set"];
  decltype(&::curl_url_get) url_get = library["curl_url_get"];
  decltype(&::curl_url_cleanup) url_cleanup = library["curl_url_cleanup"];
  decltype(&::curl_getdate) getdate = library["curl_getdate"];
  decltype(&::curl_free) free = library["curl_free"];
  decltype(&::curl_version_info) version_info = library["curl_version_info"];

  LibCurl() {
    // With this variable, libcurl would write TLS session keys to a file.
    unsetenv("SSLKEYLOGFILE");
    // libcurl copies headers and bodies, which contain tokens, so all memory that it frees is wiped.
    const auto wipe_and_free = [](void* block) {
      if (block != nullptr) explicit_bzero(block, malloc_usable_size(block));
      std::free(block);
    };
    const auto grow = [](void* block, std::size_t size) -> void* {
      void* larger = std::malloc(size);
      if (larger == nullptr || block == nullptr) return larger;
      const std::size_t old = malloc_usable_size(block);
      std::memcpy(larger, block, old < size ? old : size);
      explicit_bzero(block, old);
      std::free(block);
      return larger;
    };
    const auto result =
        global_init_mem(CURL_GLOBAL_DEFAULT, std::malloc, wipe_and_free, grow, strdup, std::calloc);
    if (result != CURLE_OK) throw base::Error(base::Kind::internal, "libcurl cannot be initialized");
  }
};

/// Loads libcurl with the first call. Throws `config` when it is not installed.
inline const LibCurl& curl() {
  static const LibCurl library;
  return library;
}

}  // namespace net
