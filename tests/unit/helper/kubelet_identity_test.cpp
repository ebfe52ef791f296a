// SPDX-License-Identifier: Apache-2.0
#include "kubelet_identity.hpp"

#include "support/catch.hpp"
#include "support/fakes.hpp"

using base::Error;
using base::Kind;
using base::Needs;
using base::NextStep;
using helper::IdentitySource;

namespace {

std::string hint_on_node(NextStep next, IdentitySource source, Kind kind = Kind::denied) {
  return helper::with_advice_for_node(Error{kind, "refused", std::move(next)}, source).hint();
}

}  // namespace

TEST_CASE("a next step that needs nothing stays, whatever words it has") {
  const std::string step = "check the role of the task; see the connection to the cloud";
  for (const auto source :
       {IdentitySource::service_account, IdentitySource::node, IdentitySource::connection})
    CHECK(hint_on_node(step, source) == step);
}

TEST_CASE("a command for a terminal is replaced by what a node can do") {
  CHECK(fakes::contains(hint_on_node({"docker snowflake login", Needs::terminal}, IdentitySource::connection),
                        "key pair"));
  CHECK(hint_on_node({"set it, or log in", Needs::connection, "set it"}, IdentitySource::connection) ==
        "set it");
  CHECK(fakes::contains(
      hint_on_node({"docker snowflake connection add x", Needs::new_connection}, IdentitySource::connection),
      "SNOWFLAKE_HOME"));
  CHECK(fakes::contains(
      hint_on_node("docker snowflake login", IdentitySource::connection, Kind::login_required), "key pair"));
}

TEST_CASE("an identity has no connection whose values could be corrected") {
  const NextStep step{"correct the host in the connection", Needs::connection};
  CHECK(fakes::contains(hint_on_node(step, IdentitySource::node), "login history"));
  CHECK(fakes::contains(hint_on_node(step, IdentitySource::node, Kind::network), "host of the image"));
  CHECK(hint_on_node(step, IdentitySource::connection) == step.text);
}

TEST_CASE("a role is selected where the identity is") {
  const NextStep step{"set another role", Needs::role};
  CHECK(fakes::contains(hint_on_node(step, IdentitySource::service_account), "snowflake.com/role"));
  CHECK(fakes::contains(hint_on_node(step, IdentitySource::node), "SNOWFLAKE_ROLE"));
  CHECK_FALSE(fakes::contains(hint_on_node(step, IdentitySource::node), "snowflake.com/role"));
}
