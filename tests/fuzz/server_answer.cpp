// SPDX-License-Identifier: Apache-2.0
// What a server, or a captive portal in its place, answers to a request for a registry token.
#include "base/error.hpp"
#include "snowflake/session.hpp"
#include "support/fake_http.hpp"
#include "support/fakes.hpp"

extern "C" int LLVMFuzzerTestOneInput(const char* data, std::size_t size) {
  fakes::FakeClock clock;
  fakes::FakeHttp http;
  http.answer(200, std::string{data, size});
  snowflake::Api api{http, clock, {"o-a", "o-a.snowflakecomputing.com", 443, "https"}};
  snowflake::Session session{api, {base::Secret{"S"}, base::Secret{"M"}, clock.now(), clock.now()}, clock};
  try {
    snowflake::IssuedToken token;
    const bool is_issued = session.issue_registry_token(token) == snowflake::SessionStatus::done;
    if (is_issued && token.expires_at <= clock.now()) __builtin_trap();
  } catch (const base::Error&) {
  }
  return 0;
}
