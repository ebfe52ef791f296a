// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace base {

/// A system library that stays loaded once it is needed. Most runs of the helper need none, and loading
/// libcurl, OpenSSL and libsecret takes twenty times as long as answering from the keyring.
class SharedLibrary {
public:
  /// Throws `config` when the library is not installed; the hint names `package`.
  SharedLibrary(const char* file, const char* package);

  /// A function of the library, which converts to the type in the library's header:
  /// `decltype(&::curl_easy_init) easy_init = library["curl_easy_init"]`.
  class Function {
  public:
    template <typename Pointer>
    operator Pointer() const {
      return reinterpret_cast<Pointer>(address_);
    }

  private:
    friend class SharedLibrary;
    explicit Function(void* address) : address_(address) {}
    void* address_;
  };
  /// Throws `config` when the library is too old and lacks the function.
  Function operator[](const char* name) const;

private:
  const char* file_;
  void* handle_;
};

}  // namespace base
