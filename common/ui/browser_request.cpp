// SPDX-License-Identifier: Apache-2.0
#include "ui/browser_request.hpp"

#include <algorithm>
#include <charconv>

#include "base/json.hpp"
#include "base/local_address.hpp"
#include "base/text.hpp"

namespace ui {
namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view head_end = "\r\n\r\n";

bool is_token(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return base::is_alphanumeric(c) || std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
  });
}

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c == '\t' || (c >= ' ' && c <= '~'); });
}

/// `GET /path?query HTTP/1.1`; absent when it is something else.
struct RequestLine {
  std::string_view method, path, query;
};

std::optional<RequestLine> parse_request_line(std::string_view line) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  const auto method = line.substr(0, first);
  const auto target = line.substr(first + 1, last - first - 1);
  const auto version = line.substr(last + 1);
  if (!is_token(method) || !target.starts_with('/') || target.find(' ') != std::string_view::npos ||
      !is_printable(target) || (version != "HTTP/1.1" && version != "HTTP/1.0"))
    return std::nullopt;
  const auto query = std::min(target.find('?'), target.size());
  return RequestLine{method, target.substr(0, query), target.substr(std::min(query + 1, target.size()))};
}

/// Headers with names in lower case; absent when a line is malformed, or an important header occurs twice.
std::optional<std::map<std::string, std::string>> parse_headers(std::string_view lines) {
  std::map<std::string, std::string> headers;
  while (!lines.empty()) {
    const auto end = std::min(lines.find(line_end), lines.size());
    const auto line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + line_end.size(), lines.size()));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) return std::nullopt;
    const auto name = base::to_lower(line.substr(0, colon));
    const bool is_new = headers.emplace(name, base::trim(line.substr(colon + 1))).second;
    if (!is_new && (name == "content-length" || name == "host" || name == "origin")) return std::nullopt;
  }
  return headers;
}

std::string header(const std::map<std::string, std::string>& headers, const std::string& name) {
  const auto found = headers.find(name);
  return found != headers.end() && is_printable(found->second) ? found->second : std::string{};
}

std::optional<std::size_t> body_size(const std::map<std::string, std::string>& headers) {
  // Browsers do not send forms in chunks.
  if (headers.contains("transfer-encoding")) return std::nullopt;
  const auto found = headers.find("content-length");
  if (found == headers.end()) return 0;
  const auto& digits = found->second;
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size() ||
      size > max_browser_request)
    return std::nullopt;
  return size;
}

/// The content decides, not Content-Type: a page may send JSON as plain text to avoid a pre-flight request.
std::optional<Fields> parse_body(std::string_view body) {
  return base::trim(body).starts_with('{') ? parse_json_fields(body) : parse_form(base::trim(body));
}

/// Forms also write a space as "+".
std::optional<std::string> decoded(std::string text) {
  std::ranges::replace(text, '+', ' ');
  return base::percent_decoded(text);
}

}  // namespace

std::variant<BrowserRequest, Unreadable> parse_browser_request(std::string_view bytes) {
  const auto head = bytes.find(head_end);
  if (head == std::string_view::npos || bytes.size() > max_browser_request)
    return bytes.size() < max_browser_request ? Unreadable::incomplete : Unreadable::malformed;
  const auto first_end = bytes.find(line_end);
  const auto line = parse_request_line(bytes.substr(0, first_end));
  const auto lines = first_end == head
                         ? std::string_view{}
                         : bytes.substr(first_end + line_end.size(), head - first_end - line_end.size());
  const auto headers = parse_headers(lines);
  if (!line || !headers) return Unreadable::malformed;
  const auto size = body_size(*headers);
  if (!size) return Unreadable::malformed;
  const auto body = bytes.substr(head + head_end.size());
  if (body.size() < *size) return Unreadable::incomplete;

  const bool is_post = line->method == "POST";
  const auto fields = is_post ? parse_body(body.substr(0, *size)) : parse_form(line->query);
  if (!fields) return Unreadable::malformed;
  return BrowserRequest{.method = std::string{line->method},
                        .path = std::string{line->path},
                        .fields = *fields,
                        .host = base::to_lower(header(*headers, "host")),
                        .origin = header(*headers, "origin"),
                        .requested_method = header(*headers, "access-control-request-method"),
                        .requested_headers = header(*headers, "access-control-request-headers"),
                        .fetch_mode = header(*headers, "sec-fetch-mode"),
                        .fetch_destination = header(*headers, "sec-fetch-dest")};
}

bool names_loopback(std::string_view host) {
  const auto bracket = host.find(']');
  const auto colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  return base::is_loopback(host.substr(0, colon));
}

std::optional<Fields> parse_form(std::string_view text) {
  Fields fields;
  for (const auto& pair : base::split(text, '&')) {
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    const auto name = decoded(pair.substr(0, equals));
    const auto value = decoded(pair.substr(std::min(equals + 1, pair.size())));
    if (!name || !value || !fields.emplace(*name, base::Secret{*value}).second) return std::nullopt;
  }
  return fields;
}

std::optional<Fields> parse_json_fields(std::string_view text) {
  const auto json = base::parse_json(text);
  if (!json || !json->is_object()) return std::nullopt;
  Fields fields;
  for (const auto& [name, value] : json->items()) {
    if (value.is_string()) fields.emplace(name, base::Secret{value.get_ref<const std::string&>()});
    if (value.is_boolean()) fields.emplace(name, base::Secret{value.get<bool>() ? "true" : "false"});
  }
  return fields;
}

Fields fields_in_url(std::string_view url) {
  url = base::trim(url);
  url = url.substr(0, url.find('#'));
  const auto query = url.find('?');
  if (query == std::string_view::npos) return {};
  return parse_form(url.substr(query + 1)).value_or(Fields{});
}

std::string_view value_of(const Fields& fields, std::string_view name) {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string_view{} : found->second.reveal();
}

}  // namespace ui
