// SPDX-License-Identifier: Apache-2.0
// A libcurl.so.4 that knows no more than version 7.76, which RHEL 9 has: options that came later are unknown
// to it, and everything else is done by the real one, whose path is REAL_LIBCURL.
#include <dlfcn.h>

#include <cstdarg>

namespace {

// Of curl.h: CURLE_UNKNOWN_OPTION, CURLE_BAD_FUNCTION_ARGUMENT.
constexpr int unknown_option = 48;
constexpr int bad_function_argument = 43;
// The last ones of 7.76: CURLOPT_DOH_SSL_VERIFYSTATUS, CURLINFO_REFERER.
constexpr int newest_option = 308;
constexpr int newest_info = 60;
constexpr int options_of_a_type = 10000;
constexpr int info_mask = 0x0fffff;

template <typename Function>
Function real(const char* name) {
  static void* const library = dlopen(REAL_LIBCURL, RTLD_NOW | RTLD_LOCAL);
  return reinterpret_cast<Function>(dlsym(library, name));
}

using AnyFunction = void* (*)(void*, void*, void*, void*, void*, void*);

}  // namespace

#define FORWARD(name)                                                           \
  extern "C" void* name(void* a, void* b, void* c, void* d, void* e, void* f) { \
    return real<AnyFunction>(#name)(a, b, c, d, e, f);                          \
  }

FORWARD(curl_global_init_mem)
FORWARD(curl_easy_init)
FORWARD(curl_easy_reset)
FORWARD(curl_easy_strerror)
FORWARD(curl_easy_cleanup)
FORWARD(curl_multi_init)
FORWARD(curl_multi_add_handle)
FORWARD(curl_multi_perform)
FORWARD(curl_multi_poll)
FORWARD(curl_multi_info_read)
FORWARD(curl_multi_remove_handle)
FORWARD(curl_multi_cleanup)
FORWARD(curl_slist_append)
FORWARD(curl_slist_free_all)
FORWARD(curl_url)
FORWARD(curl_url_set)
FORWARD(curl_url_get)
FORWARD(curl_url_cleanup)
FORWARD(curl_getdate)
FORWARD(curl_free)
FORWARD(curl_version_info)

extern "C" int curl_easy_setopt(void* easy, int option, ...) {
  if (option % options_of_a_type > newest_option) return unknown_option;
  va_list values;
  va_start(values, option);
  void* const value = va_arg(values, void*);
  va_end(values);
  return real<int (*)(void*, int, ...)>("curl_easy_setopt")(easy, option, value);
}

extern "C" int curl_easy_getinfo(void* easy, int info, ...) {
  if ((info & info_mask) > newest_info) return bad_function_argument;
  va_list values;
  va_start(values, info);
  void* const value = va_arg(values, void*);
  va_end(values);
  return real<int (*)(void*, int, ...)>("curl_easy_getinfo")(easy, info, value);
}
