// SPDX-License-Identifier: Apache-2.0
#include "base/shared_library.hpp"

#include <dlfcn.h>

#include <string>

#include "base/error.hpp"

namespace base {

SharedLibrary::SharedLibrary(const char* file, const char* package)
    : file_(file), handle_(dlopen(file, RTLD_NOW | RTLD_LOCAL)) {
  if (handle_ == nullptr) {
    throw Error(Kind::config, std::string("could not load the library ") + file,
                std::string("install it: apt-get install ") + package);
  }
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
