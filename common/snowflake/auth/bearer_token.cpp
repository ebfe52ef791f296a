// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"
#include "snowflake/auth/authenticator.hpp"

namespace snowflake {
namespace {

/// An existing token, from Snowsight (`snowflake/PROTOCOL.md` 3.4) or an identity provider. The user is sent
/// when the connection has one, but the token alone determines who logs in.
class BearerToken final : public Authenticator {
public:
  BearerToken(const AuthContext& context, const char* name) : context_(context), name_(name) {}

  void prepare() override {
    require_not_expired(required_token(context_.connection, context_.environment), context_.clock.now(),
                        "the token of the connection",
                        "get a new token, and replace the one in token_file_path, token or SNOWFLAKE_TOKEN");
  }

  void add_to(base::Json& data) override {
    data["AUTHENTICATOR"] = name_;
    data["LOGIN_NAME"] = context_.connection.text("user");
    data["TOKEN"] = required_token(context_.connection, context_.environment).reveal();
  }

  net::RetryMode retry_mode() const override { return net::RetryMode::always; }

  base::NextStep next_step(const Answer& answer) override {
    if (name_ != std::string_view{"OAUTH"} || answer.code != "390303") return {};
    return "get a new token; for a programmatic access token set authenticator = "
           "\"PROGRAMMATIC_ACCESS_TOKEN\"";
  }

private:
  AuthContext context_;
  const char* name_;
};

}  // namespace

std::unique_ptr<Authenticator> programmatic_access_token_authenticator(const AuthContext& context) {
  return std::make_unique<BearerToken>(context, "PROGRAMMATIC_ACCESS_TOKEN");
}

std::unique_ptr<Authenticator> oauth_token_authenticator(const AuthContext& context) {
  return std::make_unique<BearerToken>(context, "OAUTH");
}

// The session belongs to another program. It could run statements, but issuing a registry token requires the
// master token, which only that program has.
std::unique_ptr<Authenticator> no_authenticator_with_external_session(const AuthContext&) {
  throw base::Error(
      base::Kind::config,
      "PAT_WITH_EXTERNAL_SESSION opens no session of its own, so no registry token can be issued",
      "set authenticator = \"PROGRAMMATIC_ACCESS_TOKEN\" in the connection; it takes the same token");
}

}  // namespace snowflake
