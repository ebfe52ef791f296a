// SPDX-License-Identifier: Apache-2.0
#include "snowflake/auth/authenticator.hpp"
#include "snowflake/auth/oauth_tokens.hpp"

namespace snowflake {
namespace {

/// An access token that an identity provider gives to a program (`snowflake/PROTOCOL.md` 3.7).
class ClientCredentials final : public Authenticator {
public:
  explicit ClientCredentials(const AuthContext& context)
      : context_(context),
        provider_(client_credentials_provider(context.connection)),
        kept_(context, provider_) {}

  void prepare() override {
    auto stored = kept_.access();
    access_ = stored ? std::move(*stored) : request();
  }

  void add_to(base::Json& data) override {
    add_oauth_token(data, context_.connection, access_, "oauth_client_credentials");
  }

  net::RetryMode retry_mode() const override { return net::RetryMode::always; }

  bool may_try_again(std::string_view code) override {
    if (!refuses_oauth_token(code)) return false;
    kept_.forget_access();
    // Whether it was stored or new: the drivers ask for one more, and then believe it.
    return true;
  }

  std::string next_step(const Answer& answer) override {
    if (!refuses_oauth_token(answer.code)) return {};
    return "have the administrators of " + provider_.host() +
           " and of the account check that its tokens are meant for Snowflake";
  }

private:
  base::Secret request() const {
    std::vector<std::pair<std::string, std::string>> form{{"grant_type", "client_credentials"}};
    if (!provider_.scope.empty()) form.emplace_back("scope", provider_.scope);
    auto tokens = request_oauth_tokens(context_, provider_, std::move(form), net::RetryMode::always);
    // Such a client asks again, and never by a refresh token (RFC 6749, 4.4.3).
    tokens.refresh = {};
    kept_.save(tokens);
    return tokens.access;
  }

  AuthContext context_;
  OAuthProvider provider_;
  KeptOAuthTokens kept_;
  base::Secret access_;
};

}  // namespace

std::unique_ptr<Authenticator> oauth_client_credentials_authenticator(const AuthContext& context) {
  return std::make_unique<ClientCredentials>(context);
}

}  // namespace snowflake
