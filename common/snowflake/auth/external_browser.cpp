// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"
#include "base/text.hpp"
#include "net/crypto.hpp"
#include "net/url.hpp"
#include "snowflake/api.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "snowflake/auth/browser_login.hpp"
#include "ui/loopback_listener.hpp"

namespace snowflake {
namespace {

constexpr std::string_view id_token_invalid = "390195";
constexpr std::string_view id_token_expired = "390110";
/// Snowflake's default, for answers without a lifetime.
constexpr std::chrono::hours default_id_token_life{4};

/// Single sign-on in the browser, and the id token for later logins (`snowflake/PROTOCOL.md` 3.5).
class ExternalBrowser final : public Authenticator {
public:
  explicit ExternalBrowser(const AuthContext& context) : context_(context) {}

  void prepare() override {
    id_token_.reset();
    consents_ = true;
    if (stores_credentials(context_.connection)) id_token_ = context_.stored.load(id_token_kind);
    if (!id_token_) ask_browser();
  }

  void add_to(base::Json& data) override {
    data["LOGIN_NAME"] = required_user(context_.connection);
    if (id_token_) {
      data["AUTHENTICATOR"] = "ID_TOKEN";
      data["TOKEN"] = id_token_->reveal();
    } else {
      data["AUTHENTICATOR"] = "EXTERNALBROWSER";
      data["TOKEN"] = token_.reveal();
      data["PROOF_KEY"] = proof_key_.reveal();
    }
    if (may_store()) data["SESSION_PARAMETERS"]["CLIENT_STORE_TEMPORARY_CREDENTIAL"] = true;
  }

  // The token from the browser is valid for one login.
  net::RetryMode retry_mode() const override { return net::RetryMode::only_if_not_processed; }

  void on_login_succeeded(const base::Json& data) override {
    const auto token = base::text_at(data, "idToken");
    if (!may_store() || !token || token->empty()) return;
    const auto life = lifetime_at(data, "idTokenValidityInSeconds", max_master_life, default_id_token_life);
    context_.stored.save(id_token_kind, base::Secret{*token}, context_.clock.now() + life);
  }

  bool should_retry(std::string_view code) override {
    if (!id_token_ || (code != id_token_invalid && code != id_token_expired)) return false;
    context_.stored.erase(id_token_kind);
    return true;
  }

private:
  bool may_store() const { return consents_ && stores_credentials(context_.connection); }

  void ask_browser() {
    required_prompter(context_);
    required_user(context_.connection);
    ui::LoopbackListener listener{context_.clock, requested_port(),
                                  context_.environment.get("SF_AUTH_SOCKET_ADDR").value_or("")};
    const auto is_console = context_.connection.has("disable_console_login") &&
                            !context_.connection.flag("disable_console_login");
    const std::string url = is_console ? console_url(listener.port()) : sso_url(listener.port());
    const ui::Callback callback{"/", context_.account.base_url(),
                                [this](const ui::Fields& fields) { return accept(fields); }};
    use_browser(context_, listener, url, callback,
                "http://localhost:" + std::to_string(listener.port()) + "/?token=");
  }

  /// As in the official drivers: a port that a container or a tunnel forwards; 0 for any.
  int requested_port() const {
    const auto text = context_.environment.non_empty("SF_AUTH_SOCKET_PORT");
    if (!text) return 0;
    const auto port = base::whole_number_at({{"port", *text}}, "port");
    if (port && *port >= 0 && *port <= 65535) return static_cast<int>(*port);
    throw base::Error(base::Kind::config, "SF_AUTH_SOCKET_PORT is not a port: " + base::printable(*text, 50),
                      "set it to a number from 1 to 65535, or unset it");
  }

  std::optional<ui::Page> accept(const ui::Fields& fields) {
    const auto token = ui::value_of(fields, "token");
    if (token.empty()) return std::nullopt;
    token_ = base::Secret{token};
    consents_ = ui::value_of(fields, "consent") != "false";
    return login_received_page();
  }

  /// Asks Snowflake for the login URL of this user.
  std::string sso_url(int port) {
    const auto data = authenticator_request(context_, "EXTERNALBROWSER",
                                            {{"BROWSER_MODE_REDIRECT_PORT", std::to_string(port)}});
    const auto url = base::text_at(data, "ssoUrl");
    const auto proof_key = base::text_at(data, "proofKey");
    if (!url || !proof_key) {
      throw base::Error(base::Kind::denied, "Snowflake sent no login URL for this user",
                        "ask the account administrator whether single sign-on is set up for the user");
    }
    proof_key_ = base::Secret{*proof_key};
    return *url;
  }

  /// Snowflake's own login page. Its URL, and so the browser's command line, contains a proof key that this
  /// program chooses, which is useless without the token that the browser brings back.
  std::string console_url(int port) {
    proof_key_ = base::Secret{net::base64(net::random_bytes(32))};
    std::string url = context_.account.base_url() + "/console/login";
    net::add_query(url, "login_name", required_user(context_.connection));
    net::add_query(url, "browser_mode_redirect_port", std::to_string(port));
    net::add_query(url, "proof_key", proof_key_.reveal());
    return url;
  }

  AuthContext context_;
  std::optional<base::Secret> id_token_;
  base::Secret token_;
  base::Secret proof_key_;
  bool consents_ = true;
};

}  // namespace

std::unique_ptr<Authenticator> browser_authenticator(const AuthContext& context) {
  return std::make_unique<ExternalBrowser>(context);
}

}  // namespace snowflake
