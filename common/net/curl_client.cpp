// SPDX-License-Identifier: Apache-2.0
#include "net/curl_client.hpp"

#include <algorithm>
#include <charconv>
#include <memory>

#include "base/interruption.hpp"
#include "base/loopback.hpp"
#include "base/text.hpp"
#include "net/curl_trace.hpp"
#include "net/libcurl.hpp"
#include "net/metadata_service.hpp"
#include "net/url.hpp"

namespace net {
namespace {

constexpr std::chrono::milliseconds connect_patience{10'000};

/// What one transfer leaves behind while it runs.
struct Transfer {
  std::string body;
  std::map<std::string, std::string, std::less<>> headers;
  std::size_t longest = 0;
  bool too_long = false;
};

std::size_t take_body(char* bytes, std::size_t, std::size_t count, void* context) {
  auto& transfer = *static_cast<Transfer*>(context);
  if (transfer.body.size() + count > transfer.longest) {
    transfer.too_long = true;
    return 0;
  }
  transfer.body.append(bytes, count);
  return count;
}

std::size_t take_header(char* bytes, std::size_t, std::size_t count, void* context) {
  auto& transfer = *static_cast<Transfer*>(context);
  const std::string_view line{bytes, count};
  // A proxy's answer to CONNECT and "100 Continue" come first: only the last block counts.
  if (line.starts_with("HTTP/")) transfer.headers.clear();
  if (const auto colon = line.find(':'); colon != std::string_view::npos) {
    transfer.headers.insert_or_assign(base::to_lower(base::trim(line.substr(0, colon))),
                                      std::string{base::trim(line.substr(colon + 1))});
  }
  return count;
}

int stop_when_interrupted(void*, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return base::was_interrupted() ? 1 : 0;
}

class HeaderList {
public:
  HeaderList() = default;
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;
  ~HeaderList() { curl().slist_free_all(list_); }
  void add(const std::string& line) {
    curl_slist* longer = curl().slist_append(list_, line.c_str());
    if (longer == nullptr) throw base::Error(base::Kind::internal, "no memory for a request");
    list_ = longer;
  }
  curl_slist* list() const { return list_; }

private:
  curl_slist* list_ = nullptr;
};

/// How far a transfer got, for `Reason`.
NoAnswer::Reason reason_of(CURLcode code, bool sent) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return sent ? NoAnswer::Reason::too_slow : NoAnswer::Reason::cut_off;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
      return NoAnswer::Reason::not_sent;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_WRITE_ERROR:
      return NoAnswer::Reason::final;
    default:
      return NoAnswer::Reason::cut_off;
  }
}

[[noreturn]] void fail(CURLcode code, bool sent, const char* detail, const std::string& host, bool by_proxy) {
  const std::string words = base::printable(*detail != '\0' ? detail : curl().easy_strerror(code), 300);
  const auto reason = reason_of(code, sent);
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      throw NoAnswer(reason, "the name " + host + " is not known to DNS",
                     "check the account's name in the connection, and the network");
    case CURLE_COULDNT_RESOLVE_PROXY:
      throw NoAnswer(reason, "the name of the proxy for " + host + " is not known to DNS",
                     "check https_proxy and no_proxy");
    case CURLE_COULDNT_CONNECT:
      throw NoAnswer(reason,
                     "no connection to " + host + (by_proxy ? " through the proxy" : "") + ": " + words,
                     "check the network, VPN, firewall and https_proxy");
    case CURLE_OPERATION_TIMEDOUT:
      throw NoAnswer(reason, host + " did not answer in time",
                     "check the network, VPN and https_proxy, and try again");
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
      throw NoAnswer(reason, "the certificate of " + host + " is not to be trusted: " + words,
                     "behind a proxy that opens TLS, name its authority's file in SSL_CERT_FILE");
    case CURLE_SSL_CACERT_BADFILE:
      throw NoAnswer(reason, "the file of trusted authorities cannot be read: " + words,
                     "check SSL_CERT_FILE, SSL_CERT_DIR, REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE");
    default:
      throw NoAnswer(reason, "the connection to " + host + " broke: " + words, "try again");
  }
}

bool bypasses_proxies(const std::string& host) {
  // Nobody's business but this machine's.
  return base::is_loopback(host) || is_metadata_service(host);
}

std::optional<std::string> first_of(const base::Environment& environment,
                                    std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (auto value = environment.non_empty(name)) return value;
  }
  return std::nullopt;
}

ProxyChoice proxy_for(const base::Environment& environment, const UrlParts& url) {
  if (bypasses_proxies(url.host)) return {};
  const bool is_https = url.scheme == "https";
  // Not HTTP_PROXY: a web client's header could have set it (CVE-2016-5385).
  for (const char* name : {is_https ? "https_proxy" : "http_proxy", is_https ? "HTTPS_PROXY" : "all_proxy",
                           "all_proxy", "ALL_PROXY"}) {
    if (auto value = environment.non_empty(name))
      return {std::move(*value), name, first_of(environment, {"no_proxy", "NO_PROXY"}).value_or("")};
  }
  return {};
}

/// Where Debian, Fedora and others keep one file for each authority, named by the hash of its subject.
constexpr const char* folder_of_system = "/etc/ssl/certs";

/// The file that libcurl was built to trust; empty when there is none.
std::string default_authorities(void* easy) {
  const char* file = nullptr;
  curl().easy_getinfo(easy, CURLINFO_CAINFO, &file);
  return file == nullptr ? "" : file;
}

/// Whose authorities the environment names: Python's programs honour the first variable, OpenSSL's the
/// second, and whoever set one of them meant it. False when it names none.
bool set_authorities(void* easy, const base::Environment& environment) {
  const auto file = first_of(environment, {"REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE"});
  if (file) {
    std::error_code ignored;
    const bool folder = std::filesystem::is_directory(*file, ignored);
    curl().easy_setopt(easy, folder ? CURLOPT_CAPATH : CURLOPT_CAINFO, file->c_str());
  }
  const auto folder = environment.non_empty("SSL_CERT_DIR");
  if (folder) curl().easy_setopt(easy, CURLOPT_CAPATH, folder->c_str());
  return file || folder;
}

void refuse_unsafe(const UrlParts& url, bool to_metadata_service) {
  const bool stays_here =
      base::is_loopback(url.host) || (to_metadata_service && is_metadata_service(url.host));
  if (url.scheme == "https" || (url.scheme == "http" && stays_here)) return;
  throw NoAnswer(NoAnswer::Reason::final, "refused to talk to " + url.host + " without TLS",
                 "use https; plain http is for loopback addresses only");
}

}  // namespace

CurlClient::CurlClient(const base::Environment& environment, const base::Deadline& deadline)
    : environment_(environment), deadline_(deadline) {}

CurlClient::~CurlClient() {
  if (easy_ != nullptr) curl().easy_cleanup(easy_);
}

HttpResponse CurlClient::send(const HttpRequest& request) {
  base::throw_if_interrupted();
  const auto url = parse_url(request.url);
  refuse_unsafe(url, request.to_metadata_service);
  const auto patience = std::min(request.patience, deadline_.left());
  if (patience <= std::chrono::milliseconds::zero()) {
    throw NoAnswer(NoAnswer::Reason::final, "no time is left to ask " + url.host, "try again");
  }

  // Resetting keeps the connection, the sessions and the answers of DNS.
  if (easy_ == nullptr) easy_ = curl().easy_init();
  if (easy_ == nullptr) throw base::Error(base::Kind::internal, "libcurl has no handle to give");
  curl().easy_reset(easy_);
  const auto set = [this](CURLoption option, auto value) { curl().easy_setopt(easy_, option, value); };

  Transfer transfer;
  transfer.longest = request.longest_answer;
  char detail[CURL_ERROR_SIZE] = "";
  HeaderList headers;
  for (const auto& [name, value] : request.headers) headers.add(name + ": " + value);
  if (!request.authorization.empty())
    headers.add("Authorization: " + std::string{request.authorization.reveal()});
  headers.add("Expect:");  // no pause for "100 Continue" before a body

  set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_FOLLOWLOCATION, 0L);
  // On a connection that was used before, libcurl sends a request twice by itself when no answer comes.
  set(CURLOPT_FRESH_CONNECT, request.repeat == Repeat::if_unprocessed ? 1L : 0L);
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::min(connect_patience, patience).count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(patience.count()));
  set(CURLOPT_ACCEPT_ENCODING, "gzip, deflate");
  set(CURLOPT_ERRORBUFFER, static_cast<char*>(detail));
  set(CURLOPT_HTTPHEADER, headers.list());
  set(CURLOPT_WRITEFUNCTION, &take_body);
  set(CURLOPT_WRITEDATA, &transfer);
  set(CURLOPT_HEADERFUNCTION, &take_header);
  set(CURLOPT_HEADERDATA, &transfer);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &stop_when_interrupted);
  const bool own_authorities = set_authorities(easy_, environment_);
  const ProxyChoice proxy = proxy_for(environment_, url);
  set(CURLOPT_PROXY, proxy.url.c_str());
  set(CURLOPT_NOPROXY, proxy.exceptions.c_str());
  // A connection that was used before and breaks makes libcurl send a request again by itself.
  if (request.repeat == Repeat::if_unprocessed) set(CURLOPT_FRESH_CONNECT, 1L);
  std::optional<CurlTrace> trace;
  if (request.trace != nullptr) trace.emplace(easy_, url, proxy, *request.trace);
  if (request.method == "POST") {
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.reveal().size()));
    set(CURLOPT_POSTFIELDS, request.body.empty() ? "" : request.body.reveal().data());
  } else if (request.method != "GET") {
    set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }

  // Reading all authorities takes longer than all the rest: first only the one that is needed is looked for.
  // A server that is not trusted that way has seen nothing yet, and is judged again by the whole list.
  CURLcode code = CURLE_PEER_FAILED_VERIFICATION;
  if (!own_authorities && !needs_whole_list_) {
    const std::string whole_list = default_authorities(easy_);
    set(CURLOPT_CAINFO, static_cast<char*>(nullptr));
    set(CURLOPT_CAPATH, folder_of_system);
    code = curl().easy_perform(easy_);
    set(CURLOPT_CAINFO, whole_list.empty() ? nullptr : whole_list.c_str());
  }
  if (code == CURLE_PEER_FAILED_VERIFICATION) {
    needs_whole_list_ = true;
    code = curl().easy_perform(easy_);
  }
  if (trace) trace->end(code, static_cast<const char*>(detail));
  HttpResponse response{0, std::move(transfer.headers), base::Secret{transfer.body}};
  explicit_bzero(transfer.body.data(), transfer.body.size());
  if (code == CURLE_ABORTED_BY_CALLBACK) throw base::Interrupted{};
  if (transfer.too_long) {
    throw NoAnswer(NoAnswer::Reason::final,
                   url.host + " sent more than " + std::to_string(request.longest_answer) + " bytes",
                   "this is not what Snowflake sends: check the host and the proxy");
  }
  if (code != CURLE_OK) {
    long bytes_sent = 0;
    curl().easy_getinfo(easy_, CURLINFO_REQUEST_SIZE, &bytes_sent);
    fail(code, bytes_sent > 0, static_cast<const char*>(detail), url.host, !proxy.url.empty());
  }
  long status = 0;
  curl().easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  response.status = static_cast<int>(status);
  return response;
}

}  // namespace net
