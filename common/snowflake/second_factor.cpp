// SPDX-License-Identifier: Apache-2.0
#include "snowflake/second_factor.hpp"

#include "base/error.hpp"
#include "net/crypto.hpp"

namespace snowflake {
namespace {

using base::Error;
using base::Json;
using base::Kind;

/// People look for their phones.
constexpr std::chrono::seconds patience_for_people{180};

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

Answer with_second_factor(Api& api, const Call& sign_in, ui::Person* person) {
  Call call = sign_in;
  // The follow-ups are told by their number to belong to the first request.
  call.request_id = net::random_uuid();
  auto answer = api.send(call);
  const auto action = next_action(answer);
  if (action == "PWD_CHANGE") {
    throw Error(Kind::denied, "the password of the user has expired",
                "sign in to Snowsight, and choose a new one");
  }
  if (action != "EXT_AUTHN_DUO_ALL" && action != "EXT_AUTHN_DUO_PUSH_N_PASSCODE") return answer;
  if (person == nullptr) {
    throw Error(Kind::login_required, "Snowflake wants the sign-in to be approved on a phone",
                "docker snowflake login, or a key pair for work without people");
  }
  const auto continued = [&](Json body, const Answer& before) {
    body["inFlightCtx"] = base::text_at(before.data, "inFlightCtx").value_or("");
    call.body = [body] { return body; };
    call.patience = patience_for_people;
    call.repeat = net::Repeat::if_unprocessed;
    return api.send(call);
  };
  Json body = sign_in.body();
  body["data"]["EXT_AUTHN_DUO_METHOD"] = "push";
  {
    const auto waiting = person->waiting_for("approve the sign-in on your phone");
    answer = continued(body, answer);
  }
  if (next_action(answer) == "EXT_AUTHN_SUCCESS") answer = continued(without_proof(std::move(body)), answer);
  return answer;
}

}  // namespace snowflake
