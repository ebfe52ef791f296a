// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"
#include "snowflake/auth/required.hpp"
#include "snowflake/auth/ways.hpp"

namespace snowflake {
namespace {

/// User and password (`snowflake-protocol.md` 2.4.1). No AUTHENTICATOR is sent.
class Password final : public Authenticator {
public:
  explicit Password(const AuthContext& context) : connection_(context.connection) {}

  void add_to(base::Json& data) override {
    data["LOGIN_NAME"] = required_user(connection_);
    const auto password = connection_.secret("password");
    if (password.empty()) {
      throw base::Error(base::Kind::config, "251006: Password is empty",
                        "set SNOWFLAKE_PASSWORD, or password in the connection; a key pair is safer");
    }
    data["PASSWORD"] = std::string{password.reveal()};
  }

  // Each one that is wrong counts towards locking the user.
  net::Repeat repeat() const override { return net::Repeat::if_unprocessed; }

private:
  const config::Connection& connection_;
};

}  // namespace

std::unique_ptr<Authenticator> sign_in_with_password(const AuthContext& context) {
  return std::make_unique<Password>(context);
}

}  // namespace snowflake
