// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"
#include "snowflake/auth/required.hpp"
#include "snowflake/auth/ways.hpp"
#include "snowflake/lifetime.hpp"

namespace snowflake {
namespace {

/// No MFA token lasts longer (`snowflake-protocol.md` 2.4.2).
constexpr std::chrono::hours longest_mfa_token_life{4};

/// User and password (`snowflake-protocol.md` 2.4.1), and what a second factor adds to them (2.4.2). No
/// AUTHENTICATOR is sent.
class Password : public Authenticator {
public:
  explicit Password(const AuthContext& context) : context_(context) {}

  void add_to(base::Json& data) override {
    const auto& connection = context_.connection;
    data["LOGIN_NAME"] = required_user(connection);
    const auto password = connection.secret("password");
    if (password.empty()) {
      throw base::Error(base::Kind::config, "251006: Password is empty",
                        "set SNOWFLAKE_PASSWORD, or password in the connection; a key pair is safer");
    }
    data["PASSWORD"] = std::string{password.reveal()};
    const auto passcode = connection.secret("passcode");
    if (!passcode.empty() || connection.flag("passcode_in_password"))
      data["EXT_AUTHN_DUO_METHOD"] = "passcode";
    if (!passcode.empty()) data["PASSCODE"] = std::string{passcode.reveal()};
  }

  // Each one that is wrong counts towards locking the user.
  net::Repeat repeat() const override { return net::Repeat::if_unprocessed; }

protected:
  const AuthContext& context() const { return context_; }

private:
  AuthContext context_;
};

/// The same, and asks for a token that stands for the second factor next time.
class PasswordAndMfa final : public Password {
public:
  using Password::Password;

  // Without a token this would ring a phone, and there is nobody to answer it.
  void prepare() override {
    if (context().person != nullptr || context().connection.has("passcode")) return;
    if (context().kept.load(mfa_token_kind)) return;
    throw base::Error(base::Kind::login_required, "only a person can sign in with a second factor",
                      "docker snowflake login" + of_connection(context().connection));
  }

  void add_to(base::Json& data) override {
    Password::add_to(data);
    data["SESSION_PARAMETERS"]["CLIENT_REQUEST_MFA_TOKEN"] = true;
    if (const auto token = context().kept.load(mfa_token_kind)) data["TOKEN"] = std::string{token->reveal()};
  }

  void signed_in(const base::Json& data) override {
    const auto token = base::text_at(data, "mfaToken");
    if (!token || token->empty()) return;
    const auto life = lifetime_at(data, "mfaTokenValidityInSeconds", longest_mfa_token_life);
    context().kept.save(mfa_token_kind, base::Secret{*token}, context().clock.now() + life);
  }

  // As the Python connector does: whatever was wrong, the next sign-in begins afresh.
  bool may_try_again(std::string_view) override {
    context().kept.erase(mfa_token_kind);
    return false;
  }
};

}  // namespace

std::unique_ptr<Authenticator> sign_in_with_password(const AuthContext& context) {
  return std::make_unique<Password>(context);
}

std::unique_ptr<Authenticator> sign_in_with_password_and_mfa(const AuthContext& context) {
  return std::make_unique<PasswordAndMfa>(context);
}

}  // namespace snowflake
