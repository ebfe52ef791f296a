// SPDX-License-Identifier: Apache-2.0
#include "base/shared_library.hpp"

#include <dlfcn.h>

#include <string>

#include "base/error.hpp"

namespace base {

namespace {

/// Throws the error of `dlopen`, which sets no errno: only its message tells the causes apart.
[[noreturn]] void fail_to_load(const std::string& file, const char* package) {
  const char* said = dlerror();
  const std::string reason = said == nullptr ? "" : said;
  const auto is = [&](const char* text) { return reason.find(text) != std::string::npos; };
  const std::string message = "could not load the library " + file;
  if (is("Too many open files") || is("Error 24")) {
    throw Error(Kind::config, message + ": too many files are open",
                "raise the limit (ulimit -n), or end programs that hold files open");
  }
  if (is("Cannot allocate memory") || is("Error 12") || is("failed to map"))
    throw Error(Kind::config, message + ": no memory is left",
                "raise the limit (ulimit -v), or free some memory");
  throw Error(Kind::config, message, std::string("install it: apt-get install ") + package);
}

}  // namespace

SharedLibrary::SharedLibrary(const char* file, const char* package)
    : file_(file), handle_(dlopen(file, RTLD_NOW | RTLD_LOCAL)) {
  if (handle_ == nullptr) fail_to_load(file, package);
}

SharedLibrary::Function SharedLibrary::operator[](const char* name) const {
  void* address = dlsym(handle_, name);
  if (address == nullptr) {
    throw Error(Kind::config, std::string("the library ") + file_ + " is too old: it has no " + name,
                "install a newer version of it");
  }
  return Function{address};
}

}  // namespace base
