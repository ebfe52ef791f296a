// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"
#include "net/crypto.hpp"
#include "snowflake/api.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "snowflake/auth/requirements.hpp"

namespace snowflake {
namespace {

/// No MFA token lasts longer (`snowflake/PROTOCOL.md` 3.2).
constexpr std::chrono::hours max_mfa_token_life{4};

/// User and password (`snowflake/PROTOCOL.md` 3.1), and what a second factor adds to them (3.2). No
/// AUTHENTICATOR is sent.
class Password : public Authenticator {
public:
  explicit Password(const AuthContext& context)
      : context_(context),
        password_(context.connection.secret("password")),
        passcode_(context.connection.secret("passcode")) {}

  void prepare() override {
    ask_for_password();
    ask_for_passcode();
  }

  void add_to(base::Json& data) override {
    data["LOGIN_NAME"] = required_user(context_.connection);
    if (password_.empty()) {
      throw base::Error(base::Kind::config, "251006: Password is empty",
                        "set SNOWFLAKE_PASSWORD, or password in the connection, or let " +
                            login_command(context_.connection) + " ask for it; a key pair is safer");
    }
    data["PASSWORD"] = std::string{password_.reveal()};
    if (has_passcode()) data["EXT_AUTHN_DUO_METHOD"] = "passcode";
    if (!passcode_.empty()) data["PASSCODE"] = std::string{passcode_.reveal()};
  }

  std::string next_step(const Answer&) override {
    if (!net::claims_of_jwt(password_.reveal())) return {};
    return "the password is a token: write it as token, with authenticator = \"PROGRAMMATIC_ACCESS_TOKEN\"";
  }

  // Each one that is wrong counts towards locking the user, and each may ring a phone.
  net::RetryMode retry_mode() const override { return net::RetryMode::only_if_not_processed; }
  bool may_ring() const override { return true; }

protected:
  const AuthContext& context() const { return context_; }
  bool has_passcode() const { return !passcode_.empty() || context_.connection.flag("passcode_in_password"); }

  void ask_for_password() {
    const std::string user = required_user(context_.connection);
    if (!password_.empty() || context_.prompter == nullptr) return;
    try {
      password_ = context_.prompter->ask("Password of " + user + " at " + context_.account.name, {});
    } catch (const base::Error& error) {
      // Without a terminal it is as without a person: what is missing is said with the rest of the sign-in.
      if (error.kind() != base::Kind::login_required) throw;
    }
  }

  void ask_for_passcode() {
    const bool wanted = context_.connection.flag("passcode_at_terminal");
    if (!wanted || has_passcode() || context_.prompter == nullptr) return;
    passcode_ = context_.prompter->ask("MFA passcode", "write --mfa-passcode <passcode>");
  }

private:
  AuthContext context_;
  base::Secret password_;
  base::Secret passcode_;
};

/// The same, and asks for a token that stands for the second factor next time.
class PasswordAndMfa final : public Password {
public:
  using Password::Password;

  void prepare() override {
    token_ = context().kept.load(mfa_token_kind);
    if (waits_for_approval() && context().prompter == nullptr) {
      throw base::Error(base::Kind::login_required,
                        "only a person can approve a sign-in with a second factor",
                        login_command(context().connection));
    }
    ask_for_password();
    if (!token_) ask_for_passcode();
  }

  void add_to(base::Json& data) override {
    Password::add_to(data);
    data["SESSION_PARAMETERS"]["CLIENT_REQUEST_MFA_TOKEN"] = true;
    if (token_) data["TOKEN"] = std::string{token_->reveal()};
  }

  bool waits_for_approval() const override { return !token_ && !has_passcode(); }

  void signed_in(const base::Json& data) override {
    const auto token = base::text_at(data, "mfaToken");
    if (!token || token->empty()) return;
    constexpr const char* life_field = "mfaTokenValidityInSeconds";
    const auto life = base::member(data, life_field).is_null()
                          ? max_mfa_token_life
                          : lifetime_at(data, life_field, max_mfa_token_life);
    context().kept.save(mfa_token_kind, base::Secret{*token}, context().clock.now() + life);
  }

  // As the Python connector does: whatever was wrong, the next sign-in begins afresh. Not by itself, since it
  // rings a phone.
  bool may_try_again(std::string_view) override {
    if (token_) context().kept.erase(mfa_token_kind);
    return false;
  }

private:
  std::optional<base::Secret> token_;
};

}  // namespace

std::unique_ptr<Authenticator> password_authenticator(const AuthContext& context) {
  return std::make_unique<Password>(context);
}

std::unique_ptr<Authenticator> password_and_mfa_authenticator(const AuthContext& context) {
  return std::make_unique<PasswordAndMfa>(context);
}

}  // namespace snowflake
