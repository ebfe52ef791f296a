// SPDX-License-Identifier: Apache-2.0
#include "snowflake/auth/authenticator.hpp"
#include "snowflake/auth/oauth_provider.hpp"

namespace snowflake {
namespace {

/// An access token that an identity provider issues to a program (`snowflake/PROTOCOL.md` 3.7).
class ClientCredentials final : public Authenticator {
public:
  explicit ClientCredentials(const AuthContext& context)
      : context_(context),
        provider_(client_credentials_provider(context.connection)),
        stored_(context, provider_) {}

  void prepare() override {
    auto stored = stored_.access();
    access_ = stored ? std::move(*stored) : request();
  }

  void add_to(base::Json& data) override {
    add_oauth_token(data, context_.connection, access_, "oauth_client_credentials");
  }

  net::RetryMode retry_mode() const override { return net::RetryMode::always; }

  bool should_retry(std::string_view code) override {
    if (!refuses_oauth_token(code)) return false;
    stored_.forget_access();
    // Even if the token was new: the official drivers also request a second one.
    return true;
  }

  base::NextStep next_step(const Answer& answer) override {
    if (!refuses_oauth_token(answer.code)) return {};
    return "ask the administrators of " + provider_.host() +
           " and of the account to check that its tokens are valid for Snowflake";
  }

private:
  base::Secret request() const {
    net::Form form;
    form.add("grant_type", "client_credentials");
    if (!provider_.scope.empty()) form.add("scope", provider_.scope);
    auto tokens = request_oauth_tokens(context_, provider_, std::move(form), net::RetryMode::always);
    // This grant does not use refresh tokens (RFC 6749, 4.4.3).
    tokens.refresh = {};
    stored_.save(tokens);
    return tokens.access;
  }

  AuthContext context_;
  OAuthProvider provider_;
  StoredOAuthTokens stored_;
  base::Secret access_;
};

}  // namespace

std::unique_ptr<Authenticator> oauth_client_credentials_authenticator(const AuthContext& context) {
  return std::make_unique<ClientCredentials>(context);
}

}  // namespace snowflake
