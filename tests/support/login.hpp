// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json.hpp"
#include "config/account.hpp"
#include "snowflake/login.hpp"
#include "support/connections.hpp"
#include "support/fake_http.hpp"
#include "support/fake_prompter.hpp"

namespace fakes {

/// A login of the user JANE with a connection that has `fields`.
struct Login {
  using Fields = std::map<std::string, std::string>;

  explicit Login(Fields more) : fields(std::move(more)) {
    fields.merge(Fields{{"account", "o-a"}, {"user", "jane"}});
  }

  FakeClock clock;
  FakeHttp http;
  MemoryStore store;
  FakePrompter prompter;
  base::Environment environment;
  Fields fields;
  snowflake::StoredCredentials stored{store, "o-a.snowflakecomputing.com", "JANE"};

  void log_in(ui::Prompter* user) {
    auto made = connection(fields);
    made.name = "dev";
    const auto account = config::account_of(made);
    snowflake::Api api{http, clock, account};
    [[maybe_unused]] const auto session =
        snowflake::open_session(api, {made, account, environment, clock, http, stored, user});
  }
  void grant_session(const base::Json& more = base::Json::object()) {
    base::Json data = {{"token", "S"}, {"masterToken", "M"}};
    data.update(more);
    http.grant(data);
    http.grant(nullptr);
  }
  /// The request that was sent to Snowflake.
  base::Json data(std::size_t request = 0) const {
    return base::Json::parse(http.sent.at(request).body.reveal())["data"];
  }
};

}  // namespace fakes
