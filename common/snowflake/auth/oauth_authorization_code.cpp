// SPDX-License-Identifier: Apache-2.0
#include "net/crypto.hpp"
#include "net/url.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "snowflake/auth/browser_login.hpp"
#include "snowflake/auth/oauth_provider.hpp"
#include "ui/loopback_listener.hpp"

namespace snowflake {
namespace {

/// An access token that the user grants in the browser (`snowflake/PROTOCOL.md` 3.6; RFC 6749, 4.1).
class AuthorizationCode final : public Authenticator {
public:
  explicit AuthorizationCode(const AuthContext& context)
      : context_(context),
        provider_(authorization_code_provider(context.connection, context.account)),
        stored_(context, provider_) {}

  void prepare() override {
    if (auto access = stored_.access()) {
      source_ = Source::store;
      access_ = std::move(*access);
    } else if (refresh()) {
      source_ = Source::refresh_token;
    } else {
      ask_browser();
      source_ = Source::browser;
    }
  }

  void add_to(base::Json& data) override {
    add_oauth_token(data, context_.connection, access_, "oauth_authorization_code");
  }

  net::RetryMode retry_mode() const override { return net::RetryMode::always; }

  bool should_retry(std::string_view code) override {
    if (!refuses_oauth_token(code)) return false;
    stored_.forget_access();
    if (source_ == Source::refresh_token) stored_.forget_refresh();
    return source_ != Source::browser;
  }

  base::NextStep next_step(const Answer& answer) override {
    return refuses_oauth_token(answer.code) ? login_step(context_.connection) : base::NextStep{};
  }

private:
  enum class Source { store, refresh_token, browser };

  /// Uses the stored refresh token. False when there is none, or the provider refuses it.
  bool refresh() {
    if (!context_.connection.flag("oauth_enable_refresh_tokens")) return false;
    const auto token = stored_.refresh();
    if (!token) return false;
    net::Form form;
    form.add("grant_type", "refresh_token").add("refresh_token", token->reveal());
    if (!provider_.scope.empty()) form.add("scope", provider_.scope);
    try {
      request_tokens(std::move(form));
      return true;
    } catch (const base::Error& error) {
      if (error.kind() != base::Kind::denied) throw;
      stored_.forget_refresh();
      return false;
    }
  }

  void ask_browser() {
    required_prompter(context_);
    const RedirectAddress redirect{context_.connection.text("oauth_redirect_uri")};
    ui::LoopbackListener listener{context_.clock, redirect.port()};
    const auto redirect_uri = redirect.uri(listener.port());
    const bool has_challenge = !context_.connection.flag("oauth_disable_pkce");
    const auto verifier = random_verifier();
    state_ = random_verifier();

    std::string url = provider_.authorization_url;
    net::add_query(url, "response_type", "code");
    net::add_query(url, "client_id", provider_.client_id);
    net::add_query(url, "redirect_uri", redirect_uri);
    net::add_query(url, "state", state_.reveal());
    if (!provider_.scope.empty()) net::add_query(url, "scope", provider_.scope);
    if (has_challenge) {
      net::add_query(url, "code_challenge", code_challenge(verifier));
      net::add_query(url, "code_challenge_method", "S256");
    }
    use_browser(context_, listener, url,
                {redirect.path(), {}, [this](const ui::Fields& fields) { return accept(fields); }},
                redirect_uri + "?code=");
    if (refusal_) throw base::Error{*refusal_};

    net::Form form;
    form.add("grant_type", "authorization_code")
        .add("code", code_.reveal())
        .add("redirect_uri", redirect_uri);
    if (has_challenge) form.add("code_verifier", verifier.reveal());
    if (context_.connection.flag("oauth_enable_single_use_refresh_tokens"))
      form.add("enable_single_use_refresh_tokens", "true");
    request_tokens(std::move(form));
  }

  /// An answer without our `state` does not come from the page that was opened, and must not end the wait.
  std::optional<ui::Page> accept(const ui::Fields& fields) {
    if (!net::equal_in_constant_time(ui::value_of(fields, "state"), state_.reveal())) return std::nullopt;
    const auto code = ui::value_of(fields, "code");
    const auto error = ui::value_of(fields, "error");
    if (!error.empty()) {
      refusal_ = oauth_refusal(provider_, error, ui::value_of(fields, "error_description"));
      return ui::Page{"You are not logged in", refusal_->what(), false};
    }
    if (code.empty()) return std::nullopt;
    code_ = base::Secret{code};
    return login_received_page();
  }

  /// Codes and many refresh tokens work only once, so the request must not be sent twice.
  void request_tokens(net::Form form) {
    auto tokens =
        request_oauth_tokens(context_, provider_, std::move(form), net::RetryMode::only_if_not_processed);
    stored_.save(tokens);
    access_ = std::move(tokens.access);
  }

  AuthContext context_;
  OAuthProvider provider_;
  StoredOAuthTokens stored_;
  base::Secret state_;
  base::Secret code_;
  std::optional<base::Error> refusal_;
  base::Secret access_;
  Source source_ = Source::store;
};

}  // namespace

std::unique_ptr<Authenticator> oauth_authorization_code_authenticator(const AuthContext& context) {
  return std::make_unique<AuthorizationCode>(context);
}

}  // namespace snowflake
