// SPDX-License-Identifier: Apache-2.0
#include "net/url.hpp"

#include <charconv>
#include <memory>

#include "base/text.hpp"
#include "net/libcurl.hpp"

namespace net {
namespace {

class CurlUrl {
public:
  /// Parses a URL. Throws `config` when it is not valid.
  explicit CurlUrl(const std::string& text) { set(text); }

  /// Replaces it by `reference`, which may be relative to it.
  void set(const std::string& reference) {
    if (url_ && curl().url_set(url_.get(), CURLUPART_URL, reference.c_str(), 0) == CURLUE_OK) return;
    throw base::Error(base::Kind::config, "not a valid URL: " + base::printable(reference, 200),
                      "it must begin with https://");
  }
  /// Empty when the URL has no such part.
  std::string part(CURLUPart part, unsigned flags = 0) const {
    char* text = nullptr;
    if (curl().url_get(url_.get(), part, &text, flags) != CURLUE_OK || text == nullptr) return {};
    const std::unique_ptr<char, decltype(&::curl_free)> owner{text, curl().free};
    return text;
  }

private:
  std::unique_ptr<CURLU, decltype(&::curl_url_cleanup)> url_{curl().url(), curl().url_cleanup};
};

}  // namespace

UrlParts parse_url(const std::string& url) {
  const CurlUrl parsed{url};
  UrlParts parts{base::to_lower(parsed.part(CURLUPART_SCHEME)), base::to_lower(parsed.part(CURLUPART_HOST)),
                 0};
  const std::string port = parsed.part(CURLUPART_PORT, CURLU_DEFAULT_PORT);
  std::from_chars(port.data(), port.data() + port.size(), parts.port);
  return parts;
}

std::string resolve_url(const std::string& page, const std::string& reference) {
  CurlUrl url{page};
  url.set(reference);
  return url.part(CURLUPART_URL);
}

std::optional<base::TimePoint> parse_http_date(const std::string& text) {
  const std::time_t seconds = curl().getdate(text.c_str(), nullptr);
  if (seconds < 0) return std::nullopt;
  return base::TimePoint{std::chrono::seconds{seconds}};
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool unreserved = base::is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~';
    if (unreserved) {
      result += c;
    } else {
      result += '%';
      result += digits[byte >> 4U];
      result += digits[byte & 15U];
    }
  }
  return result;
}

void add_query(std::string& url, std::string_view name, std::string_view value) {
  url += url.find('?') == std::string::npos ? '?' : '&';
  url += name;
  url += '=';
  url += percent_encode(value);
}

Form& Form::add(std::string_view name, std::string_view value) {
  const base::Secret encoded{percent_encode(value)};
  body_ = base::Secret::join({body_.reveal(), body_.empty() ? "" : "&", name, "=", encoded.reveal()});
  return *this;
}

}  // namespace net
