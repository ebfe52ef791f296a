// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"
#include "net/crypto.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "snowflake/auth/requirements.hpp"

namespace snowflake {
namespace {

/// A token that somebody else made: in Snowsight (`snowflake/PROTOCOL.md` 3.4), or at an identity provider.
/// The user is sent if it is known; the token alone decides.
class BearerToken final : public Authenticator {
public:
  BearerToken(const AuthContext& context, const char* name) : context_(context), name_(name) {}

  void prepare() override { require_not_expired(required_token(context_.connection, context_.environment)); }

  void add_to(base::Json& data) override {
    data["AUTHENTICATOR"] = name_;
    data["LOGIN_NAME"] = context_.connection.text("user");
    data["TOKEN"] = std::string{required_token(context_.connection, context_.environment).reveal()};
  }

  net::RetryMode retry_mode() const override { return net::RetryMode::always; }

  std::string next_step(const Answer& answer) override {
    if (name_ != std::string_view{"OAUTH"} || answer.code != "390303") return {};
    return "get a new token; for a programmatic access token write authenticator = "
           "\"PROGRAMMATIC_ACCESS_TOKEN\"";
  }

private:
  /// A token that says itself that it has expired is not sent (RFC 7519, 4.1.4).
  void require_not_expired(const base::Secret& token) const {
    const auto expiry = net::expiry_of_jwt(token.reveal());
    if (!expiry || *expiry > context_.clock.now()) return;
    throw base::Error(base::Kind::config,
                      "the token of the connection expired " +
                          std::to_string((context_.clock.now() - *expiry).count()) + " seconds ago",
                      "put a new token where the connection takes it from: token_file_path, token or "
                      "SNOWFLAKE_TOKEN");
  }

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

// The session is another program's: this one could use it for statements, but it holds no master token, and
// only with that is a registry token issued.
std::unique_ptr<Authenticator> no_authenticator_with_external_session(const AuthContext&) {
  throw base::Error(
      base::Kind::config,
      "PAT_WITH_EXTERNAL_SESSION opens no session of its own, so no registry token can be issued",
      "write authenticator = \"PROGRAMMATIC_ACCESS_TOKEN\" into the connection; it takes the same "
      "token");
}

}  // namespace snowflake
