// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "net/crypto.hpp"
#include "net/private_key.hpp"
#include "snowflake/auth/authenticator.hpp"
#include "snowflake/codes.hpp"
#include "snowflake/sql_text.hpp"

namespace snowflake {
namespace {

using base::Error;
using base::Kind;

constexpr std::chrono::seconds jwt_life{60};

constexpr const char* set_passphrase =
    "set PRIVATE_KEY_PASSPHRASE, or private_key_file_pwd in the connection";

/// Refusals that a wrong clock may cause.
constexpr std::array codes_of_time = {std::string_view{"390144"}, std::string_view{"394300"},
                                      std::string_view{"394301"}, std::string_view{"394302"},
                                      std::string_view{"394303"}};
/// A smaller difference may be the time that the answer took.
constexpr std::chrono::seconds min_clock_difference{20};

/// A JWT signed with the user's private key (`snowflake/PROTOCOL.md` 3.3).
class KeyPair final : public Authenticator {
public:
  explicit KeyPair(const AuthContext& context) : context_(context) {}

  void prepare() override {
    const auto text = required_private_key(context_.connection, context_.environment);
    auto passphrase = configured_passphrase();
    if (passphrase.empty() && net::PrivateKey::is_encrypted(text)) {
      if (context_.prompter == nullptr)
        throw Error(Kind::config, "the private key is encrypted, but no passphrase is set",
                    {login_command(context_.connection) + ", which asks for it; or " + set_passphrase,
                     base::Needs::terminal, set_passphrase});
      passphrase = ask_passphrase(text, *context_.prompter);
    }
    try {
      key_ = net::PrivateKey::parse(text, passphrase);
    } catch (const Error& error) {
      throw Error(error.kind(), origin() + ": " + error.what(), error.next_step(), error.consequences());
    }
  }

  void add_to(base::Json& data) override {
    data["AUTHENTICATOR"] = "SNOWFLAKE_JWT";
    data["LOGIN_NAME"] = required_user(context_.connection);
    data["TOKEN"] = jwt();
  }

  net::RetryMode retry_mode() const override { return net::RetryMode::always; }
  // As in the official drivers: a JWT is short-lived, so a login that hangs is retried with a new one.
  std::chrono::milliseconds timeout() const override { return std::chrono::seconds{10}; }

  // Snowflake's message says neither that the clocks differ nor which key is not known.
  base::NextStep next_step(const Answer& answer) override {
    if (auto step = next_step_for_clock(answer); !step.empty()) return step;
    auto keys = refusal(answer.code, {}).next_step().keys;
    if (!key_ || std::ranges::find(keys, "private_key_file") == keys.end()) return {};
    return base::NextStep{
        "check user and account in the connection, then run this in Snowsight, in a role "
        "that may alter the user: " +
        alter_user_statement(required_user(context_.connection), key_->public_key())}
        .about(std::move(keys));
  }

private:
  /// The file of the key, or what else holds it.
  std::string origin() const {
    const auto path = context_.connection.text("private_key_file");
    return path.empty() ? config::name_of_value(context_.connection, "private_key_raw")
                        : base::shown_path(path);
  }

  std::string next_step_for_clock(const Answer& answer) const {
    if (!answer.server_time || std::ranges::find(codes_of_time, answer.code) == codes_of_time.end())
      return {};
    const auto ahead = context_.clock.now() - *answer.server_time;
    const auto difference = std::max(ahead, -ahead);
    if (difference < min_clock_difference) return {};
    return "set the clock of this machine (timedatectl): it is " + base::duration_in_words(difference) +
           (ahead.count() > 0 ? " ahead of Snowflake's" : " behind Snowflake's");
  }

  std::string jwt() const {
    const auto& key = *key_;
    const std::string subject =
        base::to_upper(context_.account.name) + "." + base::to_upper(required_user(context_.connection));
    const auto now = context_.clock.now().time_since_epoch();
    const base::Json header = {{"alg", key.algorithm()}, {"typ", "JWT"}};
    const base::Json claims = {{"iss", subject + ".SHA256:" + net::base64(net::sha256(key.public_key()))},
                               {"sub", subject},
                               {"iat", now.count()},
                               {"exp", (now + jwt_life).count()}};
    const std::string input =
        net::base64url(base::dump_json(header)) + "." + net::base64url(base::dump_json(claims));
    return input + "." + net::base64url(key.sign(input));
  }

  base::Secret configured_passphrase() const {
    const auto variable = context_.environment.get("PRIVATE_KEY_PASSPHRASE");
    if (variable && variable->empty()) {
      throw Error(Kind::config, "PRIVATE_KEY_PASSPHRASE environment variable is set but empty",
                  "provide a non-empty passphrase, or unset the variable and use an unencrypted private key");
    }
    return variable ? base::Secret{*variable} : context_.connection.secret("private_key_passphrase");
  }

  AuthContext context_;
  std::optional<net::PrivateKey> key_;
};

}  // namespace

base::Secret ask_passphrase(const base::Secret& private_key, ui::Prompter& prompter) {
  for (int typed = 1;; ++typed) {
    auto passphrase = prompter.ask("Passphrase of the private key", set_passphrase);
    try {
      static_cast<void>(net::PrivateKey::parse(private_key, passphrase));
      return passphrase;
    } catch (const Error& error) {
      if (typed == max_typed_attempts) throw;
      prompter.print(error.what());
    }
  }
}

std::unique_ptr<Authenticator> key_pair_authenticator(const AuthContext& context) {
  return std::make_unique<KeyPair>(context);
}

}  // namespace snowflake
