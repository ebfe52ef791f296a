// SPDX-License-Identifier: Apache-2.0
#include "net/crypto.hpp"
#include "net/url.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "snowflake/auth/browser.hpp"
#include "snowflake/auth/oauth_provider.hpp"
#include "snowflake/auth/oauth_tokens.hpp"
#include "snowflake/auth/requirements.hpp"
#include "ui/loopback_listener.hpp"

namespace snowflake {
namespace {

using Form = std::vector<std::pair<std::string, std::string>>;

/// An access token that a person grants in the browser (`snowflake/PROTOCOL.md` 3.6; RFC 6749, 4.1).
class AuthorizationCode final : public Authenticator {
public:
  explicit AuthorizationCode(const AuthContext& context)
      : context_(context),
        provider_(authorization_code_provider(context.connection, context.account)),
        kept_(context, provider_) {}

  void prepare() override {
    if (auto kept = kept_.access()) {
      source_ = Source::kept;
      access_ = std::move(*kept);
    } else if (refresh()) {
      source_ = Source::refreshed;
    } else {
      ask_browser();
      source_ = Source::browser;
    }
  }

  void add_to(base::Json& data) override {
    add_oauth_token(data, context_.connection, access_, "oauth_authorization_code");
  }

  net::RetryMode retry_mode() const override { return net::RetryMode::always; }

  bool may_try_again(std::string_view code) override {
    if (!refuses_oauth_token(code)) return false;
    kept_.forget_access();
    if (source_ == Source::refreshed) kept_.forget_refresh();
    return source_ != Source::browser;
  }

  std::string next_step(const Answer& answer) override {
    return refuses_oauth_token(answer.code) ? login_command(context_.connection) : std::string{};
  }

private:
  enum class Source { kept, refreshed, browser };

  /// Whether there is a new access token without anybody's help.
  bool refresh() {
    if (!context_.connection.flag("oauth_enable_refresh_tokens")) return false;
    const auto token = kept_.refresh();
    if (!token) return false;
    Form form{{"grant_type", "refresh_token"}, {"refresh_token", std::string{token->reveal()}}};
    if (!provider_.scope.empty()) form.emplace_back("scope", provider_.scope);
    try {
      take_tokens(std::move(form));
      return true;
    } catch (const base::Error& error) {
      if (error.kind() != base::Kind::denied) throw;
      kept_.forget_refresh();
      return false;
    }
  }

  void ask_browser() {
    required_person(context_);
    const RedirectAddress redirect{context_.connection.text("oauth_redirect_uri")};
    ui::LoopbackListener listener{context_.clock, redirect.port()};
    const auto redirect_uri = redirect.uri(listener.port());
    const bool has_challenge = !context_.connection.flag("oauth_disable_pkce");
    const auto verifier = random_verifier();
    state_ = random_verifier();

    Form query{{"response_type", "code"},
               {"client_id", provider_.client_id},
               {"redirect_uri", redirect_uri},
               {"state", std::string{state_.reveal()}}};
    if (!provider_.scope.empty()) query.emplace_back("scope", provider_.scope);
    if (has_challenge) {
      query.emplace_back("code_challenge", code_challenge(verifier));
      query.emplace_back("code_challenge_method", "S256");
    }
    use_browser(context_, listener, address_with(query),
                {redirect.path(), {}, [this](const ui::Fields& fields) { return take(fields); }},
                redirect_uri + "?code=");
    if (refusal_) throw base::Error{*refusal_};

    Form form{{"grant_type", "authorization_code"},
              {"code", std::string{code_.reveal()}},
              {"redirect_uri", redirect_uri}};
    if (has_challenge) form.emplace_back("code_verifier", verifier.reveal());
    if (context_.connection.flag("oauth_enable_single_use_refresh_tokens"))
      form.emplace_back("enable_single_use_refresh_tokens", "true");
    take_tokens(std::move(form));
  }

  std::string address_with(const Form& query) const {
    std::string address = provider_.authorization_url;
    char separator = address.find('?') == std::string::npos ? '?' : '&';
    for (const auto& [name, value] : query) {
      address += separator + name + "=" + net::percent_encode(value);
      separator = '&';
    }
    return address;
  }

  /// What does not know the state was not sent by the page that we opened, and must not end the wait for it.
  std::optional<ui::Page> take(const ui::Fields& fields) {
    if (!net::equal_in_constant_time(ui::value_of(fields, "state"), state_.reveal())) return std::nullopt;
    const auto code = ui::value_of(fields, "code");
    const auto error = ui::value_of(fields, "error");
    if (!error.empty()) {
      refusal_ = oauth_refusal(provider_, error, ui::value_of(fields, "error_description"));
      return ui::Page{"You are not signed in", refusal_->what(), false};
    }
    if (code.empty()) return std::nullopt;
    code_ = base::Secret{code};
    return arrival_page();
  }

  /// Codes and many refresh tokens work once: what was sent may not be sent again.
  void take_tokens(Form form) {
    auto tokens =
        request_oauth_tokens(context_, provider_, std::move(form), net::RetryMode::only_if_not_processed);
    kept_.save(tokens);
    access_ = std::move(tokens.access);
  }

  AuthContext context_;
  OAuthProvider provider_;
  KeptOAuthTokens kept_;
  base::Secret state_;
  base::Secret code_;
  std::optional<base::Error> refusal_;
  base::Secret access_;
  Source source_ = Source::kept;
};

}  // namespace

std::unique_ptr<Authenticator> oauth_authorization_code_authenticator(const AuthContext& context) {
  return std::make_unique<AuthorizationCode>(context);
}

}  // namespace snowflake
