// SPDX-License-Identifier: Apache-2.0
// The page that Okta, or a server in its place, sends instead of a form with an assertion.
#include "net/crypto.hpp"
#include "net/markup.hpp"
#include "net/url.hpp"

extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  const std::string_view text{data, size};
  const auto action = net::attribute_of(text, "form", "action");
  if (action && action->size() > size * 4) __builtin_trap();
  net::element_text(text, "AccessKeyId");
  net::jwt_claims(text);
  net::parse_http_date(std::string{text});
  return 0;
}
