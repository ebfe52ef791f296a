// SPDX-License-Identifier: Apache-2.0
#include "net/trusted_authorities.hpp"

#include <algorithm>
#include <filesystem>

#include "base/error.hpp"
#include "base/text.hpp"
#include "net/libcurl.hpp"

namespace net {
namespace {

/// The directory in which Debian, Fedora and others keep one file per authority, named after the hash of its
/// subject.
constexpr const char* directory_of_system = "/etc/ssl/certs";

/// libcurl's built-in default file; empty when there is none. libcurl before 7.84 does not report it: then
/// the usual file of Debian's and Fedora's derivatives.
std::string default_authorities(void* easy) {
  const char* file = nullptr;
  if (curl().easy_getinfo(easy, CURLINFO_CAINFO, &file) == CURLE_OK) return file == nullptr ? "" : file;
  std::error_code ignored;
  for (const char* known : {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"}) {
    if (std::filesystem::exists(known, ignored)) return known;
  }
  return "";
}

/// The value of a variable that names certificate authorities; absent when it is not set.
std::optional<std::string> existing_path(const base::Environment& environment, const char* variable,
                                         const std::string& kind) {
  auto path = environment.non_empty(variable);
  std::error_code ignored;
  if (!path || std::filesystem::exists(*path, ignored)) return path;
  throw base::Error(
      base::Kind::config,
      std::string{variable} + " names a " + kind + " that does not exist: " + base::shown_path(*path),
      "correct it to the " + kind + " with the certificate authorities, or unset " + variable);
}

/// Uses the authorities in the environment: the variables of Python's requests, of OpenSSL and of curl. False
/// when none is set. Throws `config` when what a variable names does not exist: no server would be trusted.
bool set_authorities(void* easy, const base::Environment& environment) {
  auto directory = existing_path(environment, "SSL_CERT_DIR", "directory");
  std::optional<std::string> file;
  for (const char* variable : {"REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE"}) {
    if (!file) file = existing_path(environment, variable, "file");
  }
  if (!file && !directory) return false;
  std::error_code ignored;
  if (file && std::filesystem::is_directory(*file, ignored)) {
    if (!directory) directory = file;
    file.reset();
  }
  // Set both, since libcurl has a default for each.
  curl().easy_setopt(easy, CURLOPT_CAINFO, file ? file->c_str() : nullptr);
  curl().easy_setopt(easy, CURLOPT_CAPATH, directory ? directory->c_str() : nullptr);
  return true;
}

}  // namespace

int TrustedAuthorities::perform(CurlHandle& handle, const base::Deadline& end,
                                const std::atomic<bool>* stop) {
  void* easy = handle.easy();
  if (set_authorities(easy, environment_)) return handle.perform(stop);
  if (!needs_whole_list_) {
    curl().easy_setopt(easy, CURLOPT_CAINFO, nullptr);
    curl().easy_setopt(easy, CURLOPT_CAPATH, directory_of_system);
    const int code = handle.perform(stop);
    if (code != CURLE_PEER_FAILED_VERIFICATION) return code;
    const std::string whole_list = default_authorities(easy);
    curl().easy_setopt(easy, CURLOPT_CAINFO, whole_list.empty() ? nullptr : whole_list.c_str());
    curl().easy_setopt(easy, CURLOPT_TIMEOUT_MS, std::max(1L, static_cast<long>(end.left().count())));
    needs_whole_list_ = true;
  }
  return handle.perform(stop);
}

}  // namespace net
