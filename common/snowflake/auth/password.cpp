// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "config/value_repair.hpp"
#include "net/crypto.hpp"
#include "snowflake/api.hpp"
#include "snowflake/auth/authenticator.hpp"

namespace snowflake {
namespace {

/// `snowflake/PROTOCOL.md` 2.3.
constexpr std::string_view wrong_password = "390100";
constexpr std::string_view wrong_passcode = "390127";
/// Refusals of a passcode, and of a login without one by a user whose phone cannot be rung.
constexpr std::array passcode_codes = {wrong_passcode, std::string_view{"390132"}, std::string_view{"394507"},
                                       std::string_view{"394508"}, std::string_view{"394633"}};

/// The maximum lifetime of an MFA token (`snowflake/PROTOCOL.md` 3.2).
constexpr std::chrono::hours max_mfa_token_life{4};

/// User and password (`snowflake/PROTOCOL.md` 3.1), with an optional passcode (3.2). Sends no AUTHENTICATOR.
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
    if (password_.empty())
      throw base::Error(base::Kind::config, "251006: Password is empty", next_step_without_password());
    data["PASSWORD"] = password_.reveal();
    if (has_passcode()) data["EXT_AUTHN_DUO_METHOD"] = "passcode";
    if (!passcode_.empty()) data["PASSCODE"] = passcode_.reveal();
  }

  base::NextStep next_step(const Answer& answer) override {
    if (!net::jwt_claims(password_.reveal()))
      return answer.code == wrong_password ? config::next_step_for_password(password_.reveal())
                                           : std::string{};
    return "the password is a token: set it as token, with authenticator = \"PROGRAMMATIC_ACCESS_TOKEN\"";
  }

  bool may_type_again(std::string_view code) override {
    const bool is_passcode = std::ranges::find(passcode_codes, code) != passcode_codes.end();
    if (is_passcode && typed_passcodes_ == 0) {
      needs_passcode_ = code != wrong_passcode && !has_passcode() && context_.prompter->can_ask();
      return needs_passcode_;
    }
    const int typed = is_passcode ? typed_passcodes_ : code == wrong_password ? typed_passwords_ : 0;
    if (typed == 0 || typed == max_typed_attempts) return false;
    if (!is_passcode) password_ = {};
    // A passcode that was accepted is valid for one login only.
    if (typed_passcodes_ > 0) passcode_ = {};
    return true;
  }

  // Each wrong password counts towards locking the user, and each login may notify the phone.
  net::RetryMode retry_mode() const override { return net::RetryMode::only_if_not_processed; }
  bool may_notify_phone() const override { return true; }
  bool has_second_factor() const override { return has_passcode(); }

protected:
  const AuthContext& context() const { return context_; }
  bool has_passcode() const { return !passcode_.empty() || context_.connection.flag("passcode_in_password"); }

  void ask_for_password() {
    const std::string user = required_user(context_.connection);
    if (!password_.empty() || context_.prompter == nullptr) return;
    try {
      password_ = context_.prompter->ask("Password of " + user + " at " + context_.account.name, {});
      ++typed_passwords_;
    } catch (const base::Error& error) {
      // Without a terminal, `add_to` reports the missing password.
      if (error.kind() != base::Kind::login_required) throw;
    }
  }

  void ask_for_passcode() {
    const bool wanted = needs_passcode_ || context_.connection.flag("passcode_at_terminal");
    if (!wanted || has_passcode() || context_.prompter == nullptr) return;
    passcode_ = context_.prompter->ask("MFA passcode", "use --mfa-passcode <passcode>");
    ++typed_passcodes_;
  }

private:
  base::NextStep next_step_without_password() const {
    const auto& connection = context_.connection;
    if (connection.has("token") || connection.has("token_file_path")) {
      return "the connection has a token: set authenticator = \"PROGRAMMATIC_ACCESS_TOKEN\" in it, or "
             "\"OAUTH\" for a token of an identity provider";
    }
    if (const auto origin = connection.origin_of("password"); !origin.empty())
      return "it is set in " + origin + ", but empty: remove it there, or set it to the password";
    const std::string elsewhere =
        "set SNOWFLAKE_PASSWORD, or password in the connection; a key pair is safer";
    return {"run this at a terminal: " + login_command(connection) + ", which asks for it; elsewhere " +
                elsewhere,
            base::Needs::connection, elsewhere};
  }

  AuthContext context_;
  base::Secret password_;
  base::Secret passcode_;
  int typed_passwords_ = 0;
  int typed_passcodes_ = 0;
  bool needs_passcode_ = false;  ///< Snowflake refused the login without one
};

/// The same, with an MFA token that replaces the second factor in later logins.
class PasswordAndMfa final : public Password {
public:
  using Password::Password;

  void prepare() override {
    token_ = context().stored.load(mfa_token_kind);
    if (waits_for_approval() && context().prompter == nullptr) {
      throw base::Error(base::Kind::login_required,
                        "a user may have to approve this login with a second factor",
                        login_step(context().connection));
    }
    ask_for_password();
    if (!token_) ask_for_passcode();
  }

  void add_to(base::Json& data) override {
    Password::add_to(data);
    data["SESSION_PARAMETERS"]["CLIENT_REQUEST_MFA_TOKEN"] = true;
    if (token_) data["TOKEN"] = token_->reveal();
  }

  bool waits_for_approval() const override { return !token_ && !has_passcode(); }
  bool has_second_factor() const override { return token_.has_value() || Password::has_second_factor(); }

  void on_login_succeeded(const base::Json& data) override {
    const auto token = base::text_at(data, "mfaToken");
    if (!token || token->empty()) return;
    const auto life = lifetime_at(data, "mfaTokenValidityInSeconds", max_mfa_token_life, max_mfa_token_life);
    context().stored.save(mfa_token_kind, base::Secret{*token}, context().clock.now() + life);
  }

  // Like the Python connector, erases the token after any refusal. Does not retry, since that would notify
  // the phone.
  bool should_retry(std::string_view) override {
    if (token_) context().stored.erase(mfa_token_kind);
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
