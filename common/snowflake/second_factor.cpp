// SPDX-License-Identifier: Apache-2.0
#include "snowflake/second_factor.hpp"

#include "base/error.hpp"

namespace snowflake {
namespace {

using base::Json;

/// People look for their phones.
constexpr std::chrono::seconds timeout_for_people{180};

std::string next_action(const Answer& answer) {
  return base::text_at(answer.data, "nextAction").value_or("");
}

/// The third request says who somebody is, and no longer how that was proven.
Json without_proof(Json body) {
  for (const char* field : {"PASSWORD", "SESSION_PARAMETERS", "EXT_AUTHN_DUO_METHOD", "PASSCODE", "TOKEN"})
    body["data"].erase(field);
  return body;
}

}  // namespace

Answer with_second_factor(Api& api, const Call& sign_in, bool rings_at_once, ui::Prompter* prompter) {
  Call call = sign_in;
  std::unique_ptr<ui::ProgressIndicator> waiting;
  const auto wait_for_the_phone = [&] {
    call.timeout = timeout_for_people;
    call.retry_mode = net::RetryMode::only_if_not_processed;
    if (!waiting) waiting = prompter->show_progress("approve the sign-in on your phone");
  };

  if (rings_at_once && prompter != nullptr) wait_for_the_phone();
  auto answer = api.send(call);
  const auto action = next_action(answer);
  if (action == "PWD_CHANGE") {
    throw base::Error(base::Kind::denied, "the password of the user has expired",
                      "sign in to Snowsight, and choose a new one");
  }
  if (action != "EXT_AUTHN_DUO_ALL" && action != "EXT_AUTHN_DUO_PUSH_N_PASSCODE") return answer;
  if (prompter == nullptr) return {false, "390124", "the sign-in has to be approved on a phone", {}, {}};

  wait_for_the_phone();
  const auto continued = [&](Json body) {
    body["inFlightCtx"] = base::text_at(answer.data, "inFlightCtx").value_or("");
    call.body = [body] { return body; };
    // That tells the follow-ups to belong to the first request.
    call.request_id = answer.request_id;
    return api.send(call);
  };
  Json body = sign_in.body();
  body["data"]["EXT_AUTHN_DUO_METHOD"] = "push";
  answer = continued(body);
  if (next_action(answer) == "EXT_AUTHN_SUCCESS") return continued(without_proof(std::move(body)));
  // Without a session it is a refusal, whatever it calls itself.
  if (base::text_at(answer.data, "token").value_or("").empty()) answer.success = false;
  return answer;
}

}  // namespace snowflake
