// SPDX-License-Identifier: Apache-2.0
#include "snowflake/rest.hpp"

#include "base/error.hpp"
#include "snowflake/api.hpp"
#include "snowflake/codes.hpp"

namespace snowflake {
namespace {

constexpr std::string_view results_path = "/api/v2/results/";
constexpr int max_polls = 60;

net::HttpRequest request_for(const Api& api, const base::Secret& session_token, const std::string& path) {
  net::HttpRequest request;
  request.url = api.account().base_url() + path;
  request.headers = {
      {"Content-Type", "application/json"}, {"accept", "application/json"}, {"User-Agent", user_agent()}};
  request.authorization = authorization_header(session_token);
  return request;
}

SessionStatus session_status(const RestAnswer& answer) {
  if (answer.status != 401) return SessionStatus::done;
  const auto& code = base::member(answer.body, "code");
  const std::string text = code.is_string() ? code.get<std::string>() : "";
  if (text == code::session_expired) return SessionStatus::session_expired;
  return session_has_ended(text) ? SessionStatus::session_ended : SessionStatus::done;
}

}  // namespace

SessionStatus run_rest_call(Api& api, const base::Secret& session_token, const RestCall& call,
                            RestAnswer& answer, base::Clock& clock) {
  auto request = request_for(api, session_token, call.path);
  request.method = "POST";
  request.retry_mode = net::RetryMode::only_if_not_processed;
  request.body = base::Secret{base::dump_json(call.body)};
  for (int polls = 0; polls < max_polls; ++polls) {
    const auto response = api.http().send(request);
    answer.status = response.status;
    answer.body = base::parse_json(response.body.reveal()).value_or(base::Json{});
    if (response.status != 202) return session_status(answer);
    const auto later = response.header("location");
    if (!later.starts_with(results_path)) return session_status(answer);
    request = request_for(api, session_token, later);
    clock.sleep(std::chrono::seconds{1});
  }
  return SessionStatus::done;
}

}  // namespace snowflake
