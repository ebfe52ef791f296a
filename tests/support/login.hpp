// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/json.hpp"
#include "snowflake/login.hpp"
#include "support/connections.hpp"
#include "support/fake_http.hpp"
#include "support/fake_prompter.hpp"

namespace fakes {

/// A login of jane's at Snowflake, in the way that `fields` say.
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
  snowflake::StoredCredentials kept{store, "o-a.snowflakecomputing.com", "JANE"};

  void log_in(ui::Prompter* somebody) {
    auto made = connection(fields);
    made.name = "dev";
    const auto account = config::account_of(made);
    snowflake::Api api{http, clock, account};
    const auto authenticator =
        snowflake::make_authenticator({made, account, environment, clock, http, kept, somebody});
    snowflake::log_in(api, made, *authenticator, somebody, clock);
  }
  void grant_session(const base::Json& more = base::Json::object()) {
    base::Json data = {{"token", "S"}, {"masterToken", "M"}};
    data.update(more);
    http.grant(data);
    http.grant(nullptr);
  }
  /// What was said to Snowflake.
  base::Json data(std::size_t request = 0) const {
    return base::Json::parse(http.sent.at(request).body.reveal())["data"];
  }
};

}  // namespace fakes
