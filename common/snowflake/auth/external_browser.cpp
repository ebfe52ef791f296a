// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"
#include "base/text.hpp"
#include "net/crypto.hpp"
#include "net/url.hpp"
#include "snowflake/api.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "snowflake/auth/browser.hpp"
#include "snowflake/auth/requirements.hpp"
#include "ui/loopback_listener.hpp"

namespace snowflake {
namespace {

constexpr std::string_view id_token_invalid = "390195";
constexpr std::string_view id_token_expired = "390110";
/// What Snowflake gives an id token, when it does not say.
constexpr std::chrono::hours default_id_token_life{4};

std::string server_of(const config::Account& account) {
  return account.protocol + "://" + account.host + ":" + std::to_string(account.port);
}

/// Single sign-on in the browser, and the id token that it leaves (`snowflake/PROTOCOL.md` 3.5).
class ExternalBrowser final : public Authenticator {
public:
  explicit ExternalBrowser(const AuthContext& context) : context_(context) {}

  void prepare() override {
    id_token_.reset();
    consents_ = true;
    if (keeps_proofs(context_.connection)) id_token_ = context_.kept.load(id_token_kind);
    if (!id_token_) ask_browser();
  }

  void add_to(base::Json& data) override {
    data["LOGIN_NAME"] = required_user(context_.connection);
    if (id_token_) {
      data["AUTHENTICATOR"] = "ID_TOKEN";
      data["TOKEN"] = std::string{id_token_->reveal()};
    } else {
      data["AUTHENTICATOR"] = "EXTERNALBROWSER";
      data["TOKEN"] = std::string{token_.reveal()};
      data["PROOF_KEY"] = std::string{proof_key_.reveal()};
    }
    if (may_be_kept()) data["SESSION_PARAMETERS"]["CLIENT_STORE_TEMPORARY_CREDENTIAL"] = true;
  }

  // What the browser brings is good for one sign-in.
  net::RetryMode retry_mode() const override { return net::RetryMode::only_if_not_processed; }

  void signed_in(const base::Json& data) override {
    const auto token = base::text_at(data, "idToken");
    if (!may_be_kept() || !token || token->empty()) return;
    const auto life = lifetime_at(data, "idTokenValidityInSeconds", max_master_life, default_id_token_life);
    context_.kept.save(id_token_kind, base::Secret{*token}, context_.clock.now() + life);
  }

  bool may_try_again(std::string_view code) override {
    if (!id_token_ || (code != id_token_invalid && code != id_token_expired)) return false;
    context_.kept.erase(id_token_kind);
    return true;
  }

private:
  bool may_be_kept() const { return consents_ && keeps_proofs(context_.connection); }

  void ask_browser() {
    required_person(context_);
    required_user(context_.connection);
    ui::LoopbackListener listener{context_.clock, wanted_port(),
                                  context_.environment.get("SF_AUTH_SOCKET_ADDR").value_or("")};
    const auto is_console = context_.connection.has("disable_console_login") &&
                            !context_.connection.flag("disable_console_login");
    const std::string address = is_console ? console_address(listener.port()) : sso_address(listener.port());
    const ui::Callback callback{"/", server_of(context_.account),
                                [this](const ui::Fields& fields) { return take(fields); }};
    use_browser(context_, listener, address, callback,
                "http://localhost:" + std::to_string(listener.port()) + "/?token=");
  }

  /// As the official drivers: the port that a container or a tunnel lets through; else any.
  int wanted_port() const {
    const auto text = context_.environment.non_empty("SF_AUTH_SOCKET_PORT");
    if (!text) return 0;
    const auto port = base::whole_number_at({{"port", *text}}, "port");
    if (port && *port >= 0 && *port <= 65535) return static_cast<int>(*port);
    throw base::Error(base::Kind::config, "SF_AUTH_SOCKET_PORT is not a port: " + base::printable(*text, 50),
                      "set it to a number from 1 to 65535, or unset it");
  }

  std::optional<ui::Page> take(const ui::Fields& fields) {
    const auto token = ui::value_of(fields, "token");
    if (token.empty()) return std::nullopt;
    token_ = base::Secret{token};
    consents_ = ui::value_of(fields, "consent") != "false";
    return arrival_page();
  }

  /// Asks Snowflake where this user signs in.
  std::string sso_address(int port) {
    const auto given = authenticator_request(context_, "EXTERNALBROWSER",
                                             {{"BROWSER_MODE_REDIRECT_PORT", std::to_string(port)}});
    const auto address = base::text_at(given, "ssoUrl");
    const auto proof_key = base::text_at(given, "proofKey");
    if (!address || !proof_key) {
      throw base::Error(base::Kind::denied, "Snowflake named no address at which this user signs in",
                        "ask the administrator of the account whether single sign-on is set up for the user");
    }
    proof_key_ = base::Secret{*proof_key};
    return *address;
  }

  /// Snowflake's own page to sign in at, which takes a proof key of ours in its address, and so on the
  /// command line of the browser: without the token that comes back to us it opens nothing.
  std::string console_address(int port) {
    proof_key_ = base::Secret{net::base64(net::random_bytes(32))};
    return server_of(context_.account) +
           "/console/login?login_name=" + net::percent_encode(required_user(context_.connection)) +
           "&browser_mode_redirect_port=" + std::to_string(port) +
           "&proof_key=" + net::percent_encode(proof_key_.reveal());
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
